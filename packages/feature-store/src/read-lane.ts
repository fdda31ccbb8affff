import { ReplyError, type Redis } from "ioredis";
import { storeLimits } from "./limits.ts";
import { createMgetReplies, type MgetReply } from "./mget-replies.ts";

/** A connection beside the client's own that does nothing but `MGET`. */
export interface ReadLane {
  /** False until it is connected, and while it is away: the client's own connection reads then. */
  readonly isOpen: boolean;
  /** Values in the order of the keys. */
  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
}

type Stream = Redis["stream"];

interface Waiting {
  readonly resolve: (values: readonly (Buffer | null)[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens a lane to the server of a connection; it lives as long as that. The client connects, encrypts,
 * authenticates and reconnects; the bytes of `MGET` and its reply are ours: by the client they cost twice the
 * processor time (docs/adr/0013-reads-have-a-lane-of-their-own.md).
 */
export function openReadLane(redis: Redis): ReadLane {
  // RESP 2, in which no message comes that was not asked for.
  const client = redis.duplicate({ protocol: 2, lazyConnect: true });
  let open: Lane | undefined;
  const take = async (): Promise<void> => {
    const { stream } = client;
    // Replies come in order: after this one nothing is owed to the client any more.
    await client.ping();
    if (stream !== client.stream || stream.destroyed) return;
    const lane = new Lane(stream);
    open = lane;
    stream.once("close", () => {
      if (open === lane) open = undefined;
    });
  };
  const ignore = (): void => {};
  // The connection beside it tells of a server that is away; this one would only say it again.
  client.on("error", ignore);
  client.on("ready", () => void take().catch(ignore));
  // Several stores may share a connection, each with a lane of its own.
  redis.setMaxListeners(redis.getMaxListeners() + 1);
  redis.once("end", () => client.disconnect());
  void client.connect().catch(ignore);
  return {
    get isOpen() {
      return open !== undefined;
    },
    read: (keys) => (open === undefined ? Promise.reject(new Error("no read lane")) : open.read(keys)),
  };
}

class Lane {
  readonly #stream: Stream;
  /** Those that wait for their reply, oldest first from `#next` on. */
  #waiting: Waiting[] = [];
  #next = 0;
  #lastSignMs = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
    const replies = createMgetReplies((reply) => this.#answer(reply));
    stream.removeAllListeners("data");
    stream.on("data", (chunk: Buffer) => {
      this.#lastSignMs = performance.now();
      try {
        replies.take(chunk);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
    stream.once("close", () => this.#end());
  }

  read(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return new Promise((resolve, reject) => {
      const nowMs = performance.now();
      if (this.#next === this.#waiting.length) this.#lastSignMs = nowMs;
      else if (nowMs - this.#lastSignMs > storeLimits.silentConnectionMs) this.#stream.destroy();
      if (this.#stream.destroyed) {
        reject(new Error("the connection to Redis was lost"));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#send(keys);
    });
  }

  #send(keys: readonly string[]): void {
    let text = `*${keys.length + 1}\r\n$4\r\nMGET\r\n`;
    let isAscii = true;
    for (const key of keys) {
      const length = Buffer.byteLength(key);
      isAscii &&= length === key.length;
      text += `$${length}\r\n${key}\r\n`;
    }
    this.#stream.write(text, isAscii ? "latin1" : "utf8");
  }

  #answer(reply: MgetReply): void {
    const waiting = this.#waiting[this.#next];
    if (waiting === undefined) throw new Error("Redis answered what nobody asked");
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    if ("error" in reply) waiting.reject(new ReplyError(reply.error) as Error);
    else waiting.resolve(reply);
  }

  #end(): void {
    const left = this.#waiting.slice(this.#next);
    this.#waiting = [];
    this.#next = 0;
    for (const { reject } of left) reject(new Error("the connection to Redis was lost"));
  }
}

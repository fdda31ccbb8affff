import type { IncomingMessage } from "node:http";
import type { Trace } from "@tollgate/telemetry";
import type { Answer, StreamedAnswer } from "./http/end-response.ts";
import type { Scope } from "./keys/api-key.ts";

/** One request, for a route: who sent it is known, it may do this, and its rate allows it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly requestId: string;
  /** When its headers were there, on the monotonic clock. */
  readonly receivedMicros: number;
  /** Where its steps are noted; undefined while tracing is off. */
  readonly trace: Trace | undefined;
  /** For log lines, once it is known. */
  transactionId: string | undefined;
  /** Values of the path's placeholders. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * The body as JSON. @throws ApiError `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE`, `EMPTY_BODY`, `NOT_UTF8`,
   * `INVALID_JSON`; ClientGone
   */
  readJson(limitBytes: number): Promise<unknown>;
  /** The body as it came, of any type. @throws ApiError `BODY_TOO_LARGE`; ClientGone */
  readBytes(limitBytes: number): Promise<Buffer>;
  /** Whether the caller's key has the scope. */
  holds(scope: Scope): boolean;
  /** @throws ApiError `MISSING_SCOPE` when the caller's key does not have it */
  require(scope: Scope): void;
  /** True when the client has closed the connection: nobody waits for the answer. */
  readonly isGone: () => boolean;
  /** A signal that is aborted when the connection closes, before the answer or with it. */
  whenGone(): AbortSignal;
  /** Takes items from the caller's rate. @throws ApiError `RATE_LIMITED` */
  charge(items: number): void;
  /** Reads the body as it comes, for as long as it comes. */
  openStream(): RequestStream;
}

/** A request that is answered while it is still arriving; it holds nothing while nothing arrives. */
export interface RequestStream {
  /** The body's bytes; nothing is read while nobody asks. Rejects when the client leaves. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Most items that the caller's key may have at one time. */
  readonly itemsAtOnce: number;
  /** True once the process is being stopped. */
  readonly isEnding: () => boolean;
  /**
   * Takes items from the caller's rate as soon as it has them.
   * @throws ApiError `RATE_LIMITED` after a while
   */
  chargeInTurn(items: number): Promise<void>;
  /** Does work as one of the requests in flight. @throws ApiError `OVERLOADED` */
  occupy<R>(work: () => Promise<R>): Promise<R>;
  /** To be called when nothing more is read. */
  close(): void;
}

/** One path and method, and what happens there. */
export interface Route {
  readonly method: "GET" | "POST";
  /** As in OpenAPI: `/v1/decisions/{transactionId}`. Also the metrics' label. */
  readonly path: string;
  /** What the caller's key must hold; `"any-key"` takes every key, `"open"` asks for none. */
  readonly access: Scope | "any-key" | "open";
  /** `"one"`: a request costs one. `"items"`: the handler charges for what it finds. `"free"`: probes. */
  readonly cost: "one" | "items" | "free";
  /** True where transactions come in: their way is traced. */
  readonly traced?: true;
  readonly handle: (exchange: Exchange) => Promise<Answer | StreamedAnswer>;
}

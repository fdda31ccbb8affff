/** Values in the order of the keys, null for none; or the error that Redis gave instead. */
export type MgetReply = readonly (Buffer | null)[] | { readonly error: string };

/** Takes the bytes of a connection, in whatever pieces they come, apart into replies to `MGET` (RESP 2). */
export interface MgetReplies {
  /** @throws for what is no reply to `MGET`: nothing that comes after it could be trusted. */
  take(chunk: Buffer): void;
}

/** Values are views of what was received, not copies. */
export function createMgetReplies(onReply: (reply: MgetReply) => void): MgetReplies {
  return new RepliesInPieces(onReply);
}

const carriageReturn = 0x0d;
const minus = 0x2d;
const zero = 0x30;
const asterisk = 0x2a;
const dollar = 0x24;
const endOfLine = 2;

class RepliesInPieces implements MgetReplies {
  readonly #onReply: (reply: MgetReply) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #values: (Buffer | null)[] = [];
  /** Values of the reply that are still to come. */
  #missing = 0;
  /** Bytes still to come of the value that was cut, where that is known. */
  #wanted = 0;
  #number = 0;

  constructor(onReply: (reply: MgetReply) => void) {
    this.#onReply = onReply;
  }

  take(chunk: Buffer): void {
    let rest = chunk;
    if (this.#at < this.#bytes.length) {
      // Only the value that was cut is put together: copying all that came with it would cost more.
      const end = this.#wanted > 0 ? this.#wanted : chunk.length;
      this.#readOn(Buffer.concat([this.#bytes.subarray(this.#at), chunk.subarray(0, end)]));
      rest = chunk.subarray(end);
    }
    if (rest.length > 0) this.#readOn(rest);
  }

  #readOn(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#wanted = 0;
    while (this.#missing > 0 ? this.#readValue() : this.#readHead());
  }

  /** False while there is nothing whole to read; so are the two below. */
  #readHead(): boolean {
    if (this.#bytes[this.#at] === minus) return this.#readError();
    const end = this.#readLine(asterisk);
    if (end < 0) return false;
    this.#at = end;
    this.#missing = this.#number;
    this.#values = [];
    if (this.#missing === 0) this.#onReply(this.#values);
    return true;
  }

  #readError(): boolean {
    const end = this.#bytes.indexOf("\r\n", this.#at);
    if (end < 0) return false;
    const error = this.#bytes.toString("utf8", this.#at + 1, end);
    this.#at = end + endOfLine;
    this.#onReply({ error });
    return true;
  }

  #readValue(): boolean {
    const from = this.#readLine(dollar);
    if (from < 0) return false;
    const length = this.#number;
    const next = length < 0 ? from : from + length + endOfLine;
    this.#wanted = Math.max(0, next - this.#bytes.length);
    if (this.#wanted > 0) return false;
    this.#values.push(length < 0 ? null : this.#bytes.subarray(from, from + length));
    this.#at = next;
    this.#missing -= 1;
    if (this.#missing === 0) this.#onReply(this.#values);
    return true;
  }

  /** Leaves the line's number in `#number` and returns where the line ends; -1 while it is not whole. */
  #readLine(type: number): number {
    const bytes = this.#bytes;
    const at = this.#at;
    if (at >= bytes.length) return -1;
    if (bytes[at] !== type) throw new Error(`Redis sent ${bytes[at]} where a reply to MGET has ${type}`);
    const isNegative = bytes[at + 1] === minus;
    let end = isNegative ? at + 2 : at + 1;
    let value = 0;
    for (; end < bytes.length && bytes[end] !== carriageReturn; end += 1) {
      value = value * 10 + (bytes[end] ?? 0) - zero;
    }
    this.#number = isNegative ? -value : value;
    return end + endOfLine > bytes.length ? -1 : end + endOfLine;
  }
}

import { randomFillSync } from "node:crypto";

/** Makes ids as W3C trace context has them: lower-case hexadecimal, never all zeros. */
export interface TraceIds {
  /** 32 digits. */
  trace(): string;
  /** 16 digits. */
  span(): string;
}

/** A thousandth of a call to the system for each id: random bytes are drawn in pages. */
const pageBytes = 8_192;

export function createTraceIds(): TraceIds {
  const page = Buffer.alloc(pageBytes);
  let next = page.length;
  const draw = (bytes: number): string => {
    if (next + bytes > page.length) {
      randomFillSync(page);
      next = 0;
    }
    const id = page.toString("hex", next, next + bytes);
    next += bytes;
    return id;
  };
  return { trace: () => draw(16), span: () => draw(8) };
}

/** One line of a body that is read line by line. */
export interface Line {
  /** Its place in the body, from 1; blank lines count and are left out. */
  readonly number: number;
  /** Undefined when it is longer than the limit: it was thrown away as it came. */
  readonly bytes: Buffer | undefined;
}

export interface LineLimits {
  /** Longest line that is kept, without its end. */
  readonly lineBytes: number;
  /** Lines given out together. */
  readonly lines: number;
}

interface Scan {
  readonly limits: LineLimits;
  /** What has come of the line that has no end yet, at most `lineBytes` of it. */
  parts: Buffer[];
  length: number;
  number: number;
}

/**
 * Lines as they arrive, a few at a time and in order. Never holds more than one line and what was read at
 * once: while nobody asks for the next lines nothing is read, and the sender has to wait. A last line needs
 * no end.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  limits: LineLimits,
): AsyncGenerator<readonly Line[], void, undefined> {
  const scan: Scan = { limits, parts: [], length: 0, number: 0 };
  for await (const chunk of chunks) {
    let lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      keep(scan, chunk.subarray(start, end));
      start = end + 1;
      endLine(scan, lines);
      if (lines.length < limits.lines) continue;
      yield lines;
      lines = [];
    }
    // A copy: a few bytes would keep the whole chunk in memory.
    keep(scan, Buffer.from(chunk.subarray(start)));
    if (lines.length > 0) yield lines;
  }
  const last: Line[] = [];
  endLine(scan, last);
  if (last.length > 0) yield last;
}

const lineFeed = 0x0a;

function keep(scan: Scan, bytes: Buffer): void {
  scan.length += bytes.length;
  if (scan.length > scan.limits.lineBytes) scan.parts = [];
  else if (bytes.length > 0) scan.parts.push(bytes);
}

function endLine(scan: Scan, lines: Line[]): void {
  const { parts, length, limits } = scan;
  scan.number += 1;
  scan.parts = [];
  scan.length = 0;
  const tooLong = length > limits.lineBytes;
  const [first] = parts;
  const bytes = parts.length === 1 ? first : Buffer.concat(parts);
  if (tooLong) lines.push({ number: scan.number, bytes: undefined });
  else if (bytes !== undefined && !isBlank(bytes)) lines.push({ number: scan.number, bytes });
}

/** Spaces, tabs and the carriage return of a Windows line end. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

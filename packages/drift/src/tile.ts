import type { CounterLayout } from "./counter-layout.ts";
import { DriftError } from "./errors.ts";
import { driftLimits } from "./limits.ts";

/** Counters of one segment and stretch of time. */
export interface Tile {
  readonly counts: Uint32Array;
  /** Whole numbers below 2^53, which a corrected label may lower. */
  readonly sums: Float64Array;
}

export function emptyTile({ slots, sumSlots }: CounterLayout): Tile {
  return { counts: new Uint32Array(slots), sums: new Float64Array(sumSlots) };
}

export function addTile(target: Tile, { counts, sums }: Tile): void {
  for (let slot = 0; slot < counts.length; slot += 1) {
    target.counts[slot] = (target.counts[slot] ?? 0) + (counts[slot] ?? 0);
  }
  for (let slot = 0; slot < sums.length; slot += 1) {
    target.sums[slot] = (target.sums[slot] ?? 0) + (sums[slot] ?? 0);
  }
}

export function isEmptyTile({ counts, sums }: Tile): boolean {
  return counts.every((count) => count === 0) && sums.every((sum) => sum === 0);
}

const version = 1;

/**
 * A tile as bytes: version, numbers of counters and sums, then each as a variable-length integer (LEB128, the
 * sums zigzag), a run of zeros as 0 and its length. Canonical: equal tiles give equal bytes.
 */
export function encodeTile({ counts, sums }: Tile): Uint8Array {
  const bytesMax = 1 + 2 * longestNumber + longestCount * counts.length + longestNumber * sums.length;
  const writer = { bytes: new Uint8Array(bytesMax), position: 1 };
  writer.bytes[0] = version;
  writeNumber(writer, counts.length);
  writeNumber(writer, sums.length);
  writeRuns(writer, counts);
  // Not by map, which costs more than all the rest.
  const zigzag = new Float64Array(sums.length);
  for (let slot = 0; slot < sums.length; slot += 1) {
    const sum = sums[slot] ?? 0;
    if (sum !== 0) zigzag[slot] = sum < 0 ? -2 * sum - 1 : 2 * sum;
  }
  writeRuns(writer, zigzag);
  return writer.bytes.slice(0, writer.position);
}

/**
 * Back from `encodeTile`; throws DriftError BAD_TILE for bytes of another layout or damaged ones.
 * @param tile is overwritten and returned: whoever decodes many needs only one.
 */
export function decodeTile(layout: CounterLayout, bytes: Uint8Array, tile: Tile = emptyTile(layout)): Tile {
  const reader = { bytes, position: 1 };
  if (bytes[0] !== version || bytes.length > driftLimits.tileBytes) {
    throw new DriftError("BAD_TILE", `${bytes.length} bytes of version ${bytes[0] ?? "none"}`);
  }
  const [slots, sumSlots] = [readNumber(reader), readNumber(reader)];
  if (slots !== layout.slots || sumSlots !== layout.sumSlots) {
    const wanted = `${layout.slots} and ${layout.sumSlots}`;
    throw new DriftError("BAD_TILE", `it holds ${slots} counters and ${sumSlots} sums, not ${wanted}`);
  }
  readRuns(reader, tile.counts);
  readRuns(reader, tile.sums);
  for (let slot = 0; slot < sumSlots; slot += 1) {
    const zigzag = tile.sums[slot] ?? 0;
    if (zigzag !== 0) tile.sums[slot] = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
  if (reader.position !== bytes.length) {
    throw new DriftError("BAD_TILE", `it ends at byte ${reader.position} of ${bytes.length}`);
  }
  return tile;
}

function writeRuns(writer: Cursor, values: Uint32Array | Float64Array): void {
  for (let place = 0; place < values.length;) {
    const value = values[place] ?? 0;
    writeNumber(writer, value);
    let next = place + 1;
    if (value === 0) {
      while (next < values.length && values[next] === 0) next += 1;
      writeNumber(writer, next - place);
    }
    place = next;
  }
}

function readRuns(reader: Cursor, values: Uint32Array | Float64Array): void {
  const valueMax = values instanceof Uint32Array ? 0xffff_ffff : Infinity;
  values.fill(0);
  for (let place = 0; place < values.length;) {
    const value = readNumber(reader);
    const run = value === 0 ? readNumber(reader) : 1;
    if (run < 1 || place + run > values.length || value > valueMax) {
      throw new DriftError("BAD_TILE", `a run of ${run} times ${value} at ${place}`);
    }
    if (value !== 0) values[place] = value;
    place += run;
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/** Bytes of a counter and of any number, at most: 32 and 54 bits, seven to a byte. */
const [longestCount, longestNumber] = [5, 8];

/** By division: sums pass 32 bits. */
function writeNumber(writer: Cursor, value: number): void {
  const { bytes } = writer;
  let rest = value;
  while (rest >= 128) {
    bytes[writer.position] = (rest % 128) + 128;
    writer.position += 1;
    rest = Math.floor(rest / 128);
  }
  bytes[writer.position] = rest;
  writer.position += 1;
}

function readNumber(reader: Cursor): number {
  const first = reader.bytes[reader.position] ?? 128;
  if (first < 128) {
    reader.position += 1;
    return first;
  }
  let value = 0;
  for (let scale = 1; scale <= Number.MAX_SAFE_INTEGER; scale *= 128) {
    const byte = reader.bytes[reader.position];
    if (byte === undefined) break;
    reader.position += 1;
    value += (byte % 128) * scale;
    if (byte < 128) return value;
  }
  throw new DriftError("BAD_TILE", `no number ends before byte ${reader.position}`);
}

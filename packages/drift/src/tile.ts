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
  const bytes: number[] = [version];
  writeNumber(bytes, counts.length);
  writeNumber(bytes, sums.length);
  writeRuns(bytes, counts);
  writeRuns(
    bytes,
    sums.map((sum) => (sum < 0 ? -2 * sum - 1 : 2 * sum)),
  );
  return Uint8Array.from(bytes);
}

/** Back from `encodeTile`; throws DriftError BAD_TILE for bytes of another layout or damaged ones. */
export function decodeTile(layout: CounterLayout, bytes: Uint8Array): Tile {
  const reader = { bytes, position: 1 };
  if (bytes[0] !== version || bytes.length > driftLimits.tileBytes) {
    throw new DriftError("BAD_TILE", `${bytes.length} bytes of version ${bytes[0] ?? "none"}`);
  }
  const [slots, sumSlots] = [readNumber(reader), readNumber(reader)];
  if (slots !== layout.slots || sumSlots !== layout.sumSlots) {
    const wanted = `${layout.slots} and ${layout.sumSlots}`;
    throw new DriftError("BAD_TILE", `it holds ${slots} counters and ${sumSlots} sums, not ${wanted}`);
  }
  const tile = emptyTile(layout);
  readRuns(reader, tile.counts);
  readRuns(reader, tile.sums);
  tile.sums.forEach((zigzag, slot) => {
    tile.sums[slot] = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  });
  if (reader.position !== bytes.length) {
    throw new DriftError("BAD_TILE", `it ends at byte ${reader.position} of ${bytes.length}`);
  }
  return tile;
}

function writeRuns(bytes: number[], values: Uint32Array | Float64Array): void {
  for (let place = 0; place < values.length;) {
    const value = values[place] ?? 0;
    writeNumber(bytes, value);
    let next = place + 1;
    if (value === 0) {
      while (next < values.length && values[next] === 0) next += 1;
      writeNumber(bytes, next - place);
    }
    place = next;
  }
}

function readRuns(reader: Reader, values: Uint32Array | Float64Array): void {
  for (let place = 0; place < values.length;) {
    const value = readNumber(reader);
    const run = value === 0 ? readNumber(reader) : 1;
    const isTooLarge = values instanceof Uint32Array && value > 0xffff_ffff;
    if (run < 1 || place + run > values.length || isTooLarge) {
      throw new DriftError("BAD_TILE", `a run of ${run} times ${value} at ${place}`);
    }
    values.fill(value, place, place + run);
    place += run;
  }
}

interface Reader {
  readonly bytes: Uint8Array;
  position: number;
}

/** By division: sums pass 32 bits. */
function writeNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readNumber(reader: Reader): number {
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

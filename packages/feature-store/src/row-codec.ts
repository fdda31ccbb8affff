import { crc32 } from "node:zlib";
import type { BaseTransaction } from "@tollgate/contracts";
import { stateMemory, type CompiledEntity, type StateMemory } from "@tollgate/features";
import { storeLimits } from "./limits.ts";
import { bitmapLength, packedEnd, packWords, unpackWords } from "./packed-words.ts";
import type { RowFault, StateRow } from "./state-row.ts";

/** Rows as they lie in the store: header, packed words, version, checksum; docs/specs/feature-store.md. */
export interface RowCodec {
  encode<T extends BaseTransaction>(entity: CompiledEntity<T>, row: StateRow): Buffer;
  /**
   * A row from its bytes, or why it cannot be read: it is then as good as never seen.
   * @param memory with room for `rowMemoryBytes`, where its state will lie; without, in memory of its own.
   */
  decode<T extends BaseTransaction>(
    entity: CompiledEntity<T>,
    bytes: Buffer,
    memory?: StateMemory,
  ): StateRow | RowFault;
}

const magic = 0x4754; // "TG", little-endian
const packedFormat = 3;
/** Of a row with so few zero words that a bitmap would lengthen it: the body as it is. */
const wholeFormat = 0x83;
const headerBytes = 8;
const headerWords = headerBytes / 4;
/** The state's first float64, the version, is not packed but stands before the checksum. */
const versionWords = 2;
const checksumBytes = 4;
const trailerBytes = versionWords * 4 + checksumBytes;
const shortestRow = headerBytes + trailerBytes;
/** CRC-32 of whatever ends in its own CRC-32, little-endian: a row is checked without cutting it up. */
const sealed = 0x2144_df1c;
const progressFields = storeLimits.maxPartitions + 1;
const noProgress: readonly number[] = Array.from({ length: storeLimits.maxPartitions }, () => 0);

/**
 * A codec with its own scratch memory: the bytes of a reply lie at any address, and words can be read only at
 * every fourth. It works on one row at a time and keeps nothing of it.
 */
export function createRowCodec(): RowCodec {
  let scratch = stateMemory(0);
  let scratchBytes = new Uint8Array();
  const makeRoom = (byteLength: number): void => {
    if (scratchBytes.length >= byteLength) return;
    scratch = stateMemory(Math.ceil(byteLength / 8) * 8);
    scratchBytes = new Uint8Array(scratch.float64.buffer);
  };
  return {
    encode(entity, row) {
      const memoryBytes = rowMemoryBytes(entity);
      const wholeEnd = headerWords + memoryBytes / 4 - versionWords;
      const from = Math.ceil((wholeEnd + bitmapLength(memoryBytes / 4) + trailerBytes / 4) / 2) * 2;
      makeRoom(from * 4 + memoryBytes);
      const { float64, int32 } = scratch;
      int32.set(row.state.int32, from);
      if (entity.consistency === "streamed") {
        const progressAt = from / 2 + entity.layout.byteLength / 8;
        for (let partition = 0; partition < storeLimits.maxPartitions; partition += 1) {
          float64[progressAt + partition] = row.nextOffsets[partition] ?? 0;
        }
        float64[progressAt + storeLimits.maxPartitions] = row.nextLabelSequence;
      }
      const range = { from: from + versionWords, until: from + memoryBytes / 4 };
      const packedAt = packWords(int32, range, int32, headerWords);
      const isWhole = packedAt > wholeEnd;
      if (isWhole) int32.copyWithin(headerWords, range.from, range.until);
      const end = isWhole ? wholeEnd : packedAt;
      int32[0] = headOf(entity, isWhole ? wholeFormat : packedFormat);
      int32[1] = entity.layout.hash;
      for (let word = 0; word < versionWords; word += 1) int32[end + word] = int32[from + word] ?? 0;
      const checksumAt = (end + versionWords) * 4;
      const bytes = Buffer.allocUnsafe(checksumAt + checksumBytes);
      bytes.set(scratchBytes.subarray(0, checksumAt));
      bytes.writeUInt32LE(crc32(bytes.subarray(0, checksumAt)), checksumAt);
      return bytes;
    },
    decode(entity, bytes, memory = stateMemory(rowMemoryBytes(entity))) {
      const longest = longestRow(rowMemoryBytes(entity));
      makeRoom(longest);
      const { length } = bytes;
      if (length < shortestRow || length > longest) return "length";
      scratchBytes.set(bytes);
      const { int32: words } = scratch;
      return faultOf(entity, bytes, words) ?? unpackRow(entity, { words, byteLength: length }, memory);
    },
  };
}

/** What a row takes in memory: its state, and of a streamed entity how far it has read. */
export function rowMemoryBytes<T extends BaseTransaction>({
  consistency,
  layout,
}: CompiledEntity<T>): number {
  return layout.byteLength + (consistency === "streamed" ? progressFields * 8 : 0);
}

/** All by which a row is known to be of an entity: whoever differs in any of it refuses the row. */
export function rowIdentity<T extends BaseTransaction>(entity: CompiledEntity<T>): readonly number[] {
  return [
    headOf(entity, packedFormat),
    headOf(entity, wholeFormat),
    entity.layout.hash >>> 0,
    rowMemoryBytes(entity),
  ];
}

/** Nothing is left out. */
function longestRow(memoryBytes: number): number {
  return headerBytes + memoryBytes - versionWords * 4 + trailerBytes;
}

function headOf<T extends BaseTransaction>(entity: CompiledEntity<T>, format: number): number {
  return magic | (format << 16) | (kindOf(entity) << 24);
}

function kindOf<T extends BaseTransaction>(entity: CompiledEntity<T>): number {
  return entity.consistency === "streamed" ? 1 : 0;
}

function faultOf<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  bytes: Buffer,
  row: Int32Array,
): RowFault | null {
  const first = row[0] ?? 0;
  if ((first & 0xffff) !== magic) return "magic";
  const format = (first >> 16) & 0xff;
  if (format !== packedFormat && format !== wholeFormat) return "format";
  if (first >>> 24 !== kindOf(entity)) return "kind";
  if ((row[1] ?? 0) >>> 0 !== entity.layout.hash) return "layout";
  const words = rowMemoryBytes(entity) / 4 - versionWords;
  const end = format === wholeFormat ? headerWords + words : packedEnd(row, headerWords, words);
  if (end * 4 + trailerBytes !== bytes.length) return "length";
  return crc32(bytes) === sealed ? null : "checksum";
}

function unpackRow<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  row: { readonly words: Int32Array; readonly byteLength: number },
  memory: StateMemory,
): StateRow {
  const from = memory.used / 4;
  const state = entity.empty(memory);
  const isStreamed = entity.consistency === "streamed";
  const progressAt = memory.used / 8;
  if (isStreamed) memory.used += progressFields * 8;
  const { int32, float64 } = memory;
  const versionAt = (row.byteLength - trailerBytes) / 4;
  for (let word = 0; word < versionWords; word += 1) int32[from + word] = row.words[versionAt + word] ?? 0;
  const body = { from: from + versionWords, until: memory.used / 4 };
  if ((((row.words[0] ?? 0) >> 16) & 0xff) === wholeFormat) {
    int32.set(row.words.subarray(headerWords, versionAt), body.from);
  } else unpackWords(row.words, headerWords, int32, body);
  if (!isStreamed) return { state, nextOffsets: [], nextLabelSequence: 0 };
  const nextOffsets = noProgress.slice();
  for (let partition = 0; partition < storeLimits.maxPartitions; partition += 1) {
    const next = float64[progressAt + partition] ?? 0;
    if (next !== 0) nextOffsets[partition] = next;
  }
  return { state, nextOffsets, nextLabelSequence: float64[progressAt + storeLimits.maxPartitions] ?? 0 };
}

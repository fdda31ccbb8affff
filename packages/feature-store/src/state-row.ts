import { crc32 } from "node:zlib";
import type { BaseTransaction } from "@tollgate/contracts";
import { stateBytes, type CompiledEntity, type EntityState, type StateMemory } from "@tollgate/features";
import { storeLimits } from "./limits.ts";

/**
 * A state as it lies in the store: 16 bytes of header, the state (its first float64 is the version), and for
 * a streamed entity how far it has read. Little-endian; docs/specs/feature-store.md.
 */
export interface StateRow {
  readonly state: EntityState;
  /** Next offset of the decision log to apply, for each partition; empty for a transactional entity. */
  readonly nextOffsets: number[];
  /** Next sequence of the labelled transactions to apply; stays 0 for a transactional entity. */
  nextLabelSequence: number;
}

/** Why a stored row is not read: it was written by someone else, by another release, or it is damaged. */
export type RowFault = "length" | "magic" | "format" | "kind" | "layout" | "checksum";

const magic = 0x4754; // "TG", little-endian
const format = 2;
const checksumAt = 8;
const reservedAt = 12;
/** The checksum covers what follows: the header is compared by value. */
const headerBytes = 16;
const slots = storeLimits.maxPartitions + 1;

/**
 * What compare-and-set compares: checksum and version. The version alone would take a state that was lost and
 * has been counted up again for the one that was read.
 */
export const versionRange: { readonly from: number; readonly to: number } = {
  from: checksumAt,
  to: headerBytes + 7,
};

export function emptyRow<T extends BaseTransaction>(entity: CompiledEntity<T>): StateRow {
  const count = entity.consistency === "streamed" ? storeLimits.maxPartitions : 0;
  return { state: entity.empty(), nextOffsets: Array.from({ length: count }, () => 0), nextLabelSequence: 0 };
}

export function encodeRow<T extends BaseTransaction>(entity: CompiledEntity<T>, row: StateRow): Buffer {
  const bytes = Buffer.allocUnsafe(rowLength(entity));
  bytes.writeUInt16LE(magic, 0);
  bytes.writeUInt8(format, 2);
  bytes.writeUInt8(kindOf(entity), 3);
  bytes.writeUInt32LE(entity.layout.hash, 4);
  bytes.writeUInt32LE(0, reservedAt);
  bytes.set(stateBytes(row.state), headerBytes);
  if (entity.consistency === "streamed") {
    let at = headerBytes + entity.layout.byteLength;
    for (let partition = 0; partition < storeLimits.maxPartitions; partition += 1) {
      at = bytes.writeDoubleLE(row.nextOffsets[partition] ?? 0, at);
    }
    bytes.writeDoubleLE(row.nextLabelSequence, at);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(headerBytes)), checksumAt);
  return bytes;
}

/**
 * A row from its bytes, or why it cannot be read: it is then as good as never seen.
 * @param memory that its state is loaded into; without, it gets memory of its own.
 */
export function decodeRow<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  bytes: Buffer,
  memory?: StateMemory,
): StateRow | RowFault {
  const fault = headerFault(entity, bytes);
  if (fault !== null) return fault;
  const body = bytes.subarray(headerBytes);
  if (crc32(body) !== bytes.readUInt32LE(checksumAt)) return "checksum";
  const streamed = entity.consistency === "streamed";
  const state = entity.load(streamed ? body.subarray(0, entity.layout.byteLength) : body, memory);
  // An array and not a Float64Array, which costs a microsecond to make: two rows of a score have one.
  const nextOffsets: number[] = [];
  if (!streamed) return { state, nextOffsets, nextLabelSequence: 0 };
  const offsetsAt = entity.layout.byteLength;
  const labelsAt = offsetsAt + storeLimits.maxPartitions * 8;
  for (let at = offsetsAt; at < labelsAt; at += 8) nextOffsets.push(body.readDoubleLE(at));
  return { state, nextOffsets, nextLabelSequence: body.readDoubleLE(labelsAt) };
}

const noBytes = Buffer.alloc(0);

/** Checksum and version as they stand in a row; empty for a row that is not there. */
export function versionBytes(row: Buffer | null): Buffer {
  return row === null ? noBytes : row.subarray(versionRange.from, versionRange.to + 1);
}

function headerFault<T extends BaseTransaction>(entity: CompiledEntity<T>, bytes: Buffer): RowFault | null {
  if (bytes.length < headerBytes) return "length";
  if (bytes.readUInt16LE(0) !== magic) return "magic";
  if (bytes.readUInt8(2) !== format || bytes.readUInt32LE(reservedAt) !== 0) return "format";
  if (bytes.readUInt8(3) !== kindOf(entity)) return "kind";
  if (bytes.readUInt32LE(4) !== entity.layout.hash) return "layout";
  return bytes.length === rowLength(entity) ? null : "length";
}

function kindOf<T extends BaseTransaction>(entity: CompiledEntity<T>): number {
  return entity.consistency === "streamed" ? 1 : 0;
}

function rowLength<T extends BaseTransaction>(entity: CompiledEntity<T>): number {
  return headerBytes + entity.layout.byteLength + (entity.consistency === "streamed" ? slots * 8 : 0);
}

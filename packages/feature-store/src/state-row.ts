import type { BaseTransaction } from "@tollgate/contracts";
import { versionOf, type CompiledEntity, type EntityState } from "@tollgate/features";
import { storeLimits } from "./limits.ts";

/**
 * A state as it lies in the store: 8 bytes of header, the state (its first float64 is the version), and for a
 * streamed entity the next offset of every partition. Little-endian; docs/specs/feature-store.md.
 */
export interface StateRow {
  readonly state: EntityState;
  /** Next offset to apply for each partition; empty for a transactional entity. */
  readonly nextOffsets: Float64Array;
}

const headerBytes = 8;
const magic = 0x4754; // "TG", little-endian
const format = 1;
const offsetsBytes = storeLimits.maxPartitions * 8;

/** Where the version lies in a row: what compare-and-set compares. */
export const versionRange: { readonly from: number; readonly to: number } = {
  from: headerBytes,
  to: headerBytes + 7,
};

export function emptyRow<T extends BaseTransaction>(entity: CompiledEntity<T>): StateRow {
  return { state: entity.empty(), nextOffsets: new Float64Array(offsetCount(entity)) };
}

export function encodeRow<T extends BaseTransaction>(entity: CompiledEntity<T>, row: StateRow): Buffer {
  const bytes = Buffer.allocUnsafe(rowLength(entity));
  bytes.writeUInt16LE(magic, 0);
  bytes.writeUInt8(format, 2);
  bytes.writeUInt8(entity.consistency === "streamed" ? 1 : 0, 3);
  bytes.writeUInt32LE(entity.layout.hash, 4);
  bytes.set(new Uint8Array(row.state.buffer), headerBytes);
  if (row.nextOffsets.length > 0) {
    bytes.set(new Uint8Array(row.nextOffsets.buffer), headerBytes + entity.layout.byteLength);
  }
  return bytes;
}

/** A row from its bytes; null when they are of another layout, which is then as good as never seen. */
export function decodeRow<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  bytes: Buffer,
): StateRow | null {
  const readable =
    bytes.length === rowLength(entity) &&
    bytes.readUInt16LE(0) === magic &&
    bytes.readUInt8(2) === format &&
    bytes.readUInt32LE(4) === entity.layout.hash;
  if (!readable) return null;
  const end = headerBytes + entity.layout.byteLength;
  const nextOffsets = new Float64Array(offsetCount(entity));
  new Uint8Array(nextOffsets.buffer).set(bytes.subarray(end));
  return { state: entity.load(bytes.subarray(headerBytes, end)), nextOffsets };
}

/** The version as it stands in a row: 8 bytes, empty for a row that is not there. */
export function versionBytes(row: Buffer | null): Buffer {
  return row === null ? Buffer.alloc(0) : row.subarray(versionRange.from, versionRange.to + 1);
}

export function rowVersion(row: StateRow): number {
  return versionOf(row.state);
}

function offsetCount<T extends BaseTransaction>(entity: CompiledEntity<T>): number {
  return entity.consistency === "streamed" ? storeLimits.maxPartitions : 0;
}

function rowLength<T extends BaseTransaction>(entity: CompiledEntity<T>): number {
  return headerBytes + entity.layout.byteLength + (entity.consistency === "streamed" ? offsetsBytes : 0);
}

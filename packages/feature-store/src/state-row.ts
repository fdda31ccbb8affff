import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity, EntityState } from "@tollgate/features";
import { storeLimits } from "./limits.ts";

/** A state with how far it has read. What lies in the store is its packed form: `row-codec.ts`. */
export interface StateRow {
  readonly state: EntityState;
  /** Next offset of the decision log to apply, for each partition; empty for a transactional entity. */
  readonly nextOffsets: number[];
  /** Next sequence of the labelled transactions to apply; stays 0 for a transactional entity. */
  nextLabelSequence: number;
}

/** Why a stored row is not read: it was written by someone else, by another release, or it is damaged. */
export type RowFault = "length" | "magic" | "format" | "kind" | "layout" | "checksum";

/**
 * What compare-and-set compares, as `GETRANGE` counts: version and checksum, the last 12 bytes. The version
 * alone would take a state that was lost and has been counted up again for the one that was read.
 */
export const versionRange: { readonly from: number; readonly to: number } = { from: -12, to: -1 };

export function emptyRow<T extends BaseTransaction>(entity: CompiledEntity<T>): StateRow {
  const count = entity.consistency === "streamed" ? storeLimits.maxPartitions : 0;
  return { state: entity.empty(), nextOffsets: Array.from({ length: count }, () => 0), nextLabelSequence: 0 };
}

const noBytes = Buffer.alloc(0);

/** Version and checksum as they stand in a row; empty for a row that is not there. */
export function versionBytes(row: Buffer | null): Buffer {
  return row === null ? noBytes : row.subarray(versionRange.from);
}

import type { FeatureStatus, StateRead } from "@tollgate/contracts";

/**
 * What is kept of a transaction from the moment it is counted until its decision is recorded: enough to give
 * the same decision after a crash, from the same vector.
 */
export interface Claim {
  readonly claimedAtMs: number;
  /** Hash of the feature set that the vector is of. */
  readonly featureSet: string;
  readonly vector: Float32Array;
  readonly statesRead: readonly StateRead[];
}

/** Entity, key, version, status; of a streamed entity also what had been applied, and the labels. */
type StoredRead = [string, string, number, number, (readonly number[])?, number?];

const statuses: readonly FeatureStatus[] = ["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"];

/** float64 time, uint16 vector length, the vector, then feature set and states as compact JSON. */
export function encodeClaim(claim: Claim): Buffer {
  const states = claim.statesRead.map((read) => [
    read.entity,
    read.key,
    read.version,
    statuses.indexOf(read.status),
    ...(read.applied === undefined ? [] : [read.applied, read.labelsApplied ?? 0]),
  ]);
  const json = Buffer.from(JSON.stringify([claim.featureSet, ...states]));
  const vectorBytes = Buffer.from(claim.vector.buffer, claim.vector.byteOffset, claim.vector.byteLength);
  const head = Buffer.allocUnsafe(10);
  head.writeDoubleLE(claim.claimedAtMs, 0);
  head.writeUInt16LE(claim.vector.length, 8);
  return Buffer.concat([head, vectorBytes, json]);
}

export function decodeClaim(bytes: Buffer): Claim {
  const length = bytes.readUInt16LE(8);
  const vector = new Float32Array(length);
  new Uint8Array(vector.buffer).set(bytes.subarray(10, 10 + length * 4));
  const json = bytes.toString("utf8", 10 + length * 4);
  const [featureSet, ...states] = JSON.parse(json) as [string, ...StoredRead[]];
  return {
    claimedAtMs: bytes.readDoubleLE(0),
    featureSet,
    vector,
    statesRead: states.map(([entity, key, version, status, applied, labelsApplied]) => {
      const read = { entity, key, version, status: statuses[status] ?? "NOT_FOUND" };
      return applied === undefined ? read : { ...read, applied, labelsApplied: labelsApplied ?? 0 };
    }),
  };
}

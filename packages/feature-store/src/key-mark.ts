import { hash } from "node:crypto";

/** Characters: 48 bits of a hash, so that two keys have the same mark once in 300 million million pairs. */
export const keyMarkLength = 8;

/** Tells keys apart without holding them: a kept decision says so which card it was made for. */
export function keyMark(partitionKey: string): string {
  return hash("sha256", partitionKey, "base64url").slice(0, keyMarkLength);
}

/** Whether a kept decision is known to be that of another card; one without a mark may be anybody's. */
export function isOfAnotherKey(mark: string | null, partitionKey: string): boolean {
  return mark !== null && mark !== keyMark(partitionKey);
}

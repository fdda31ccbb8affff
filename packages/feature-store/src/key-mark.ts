import { hash } from "node:crypto";

/** Characters: 48 bits of a hash, so that two keys have the same mark once in 300 million million pairs. */
export const keyMarkLength = 8;

/** Tells keys apart without holding them: a kept decision says so which card it was made for. */
export function keyMark(partitionKey: string): string {
  return hash("sha256", partitionKey, "base64url").slice(0, keyMarkLength);
}

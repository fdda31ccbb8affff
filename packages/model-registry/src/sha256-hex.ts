import { createHash } from "node:crypto";
import { inTurns } from "./in-turns.ts";

export function sha256Hex(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The same without holding the thread for long, whatever the size. */
export async function sha256HexInTurns(content: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  await inTurns(content, (piece) => hash.update(piece));
  return hash.digest("hex");
}

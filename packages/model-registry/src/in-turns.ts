import { setImmediate as nextTurn } from "node:timers/promises";
import { modelRegistryLimits } from "./limits.ts";

/**
 * Gives large content to `work` piece by piece, a turn of the event loop for each: the thread that reads a
 * new version is the one that serves the old one. A piece takes a millisecond or two.
 */
export async function inTurns(content: Uint8Array, work: (piece: Uint8Array) => void): Promise<void> {
  const { pieceBytes } = modelRegistryLimits;
  for (let from = 0; from < content.length; from += pieceBytes) {
    if (from > 0) await nextTurn();
    work(content.subarray(from, from + pieceBytes));
  }
}

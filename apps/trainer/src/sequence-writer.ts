import { open } from "node:fs/promises";
import { trainerLimits } from "./limits.ts";

/** Writes sequences of one size: float32, little-endian, one row after the other. */
export interface SequenceWriter {
  add(sequence: Float32Array): Promise<void>;
  finish(): Promise<void>;
}

/** Replaces the file. */
export async function createSequenceWriter(path: string, size: number): Promise<SequenceWriter> {
  const file = await open(path, "w");
  const rows = new Float32Array(size * trainerLimits.sequenceRows);
  let filled = 0;
  const flush = async (): Promise<void> => {
    await file.write(new Uint8Array(rows.buffer, 0, filled * size * Float32Array.BYTES_PER_ELEMENT));
    filled = 0;
  };
  return {
    async add(sequence) {
      rows.set(sequence, filled * size);
      filled += 1;
      if (filled === trainerLimits.sequenceRows) await flush();
    },
    async finish() {
      await flush();
      await file.close();
    },
  };
}

import { open } from "node:fs/promises";

/** Reads what a sequence writer wrote. */
export interface SequenceReader {
  /** The sequences of these rows, in order. Throws where the file ends before. */
  read(rowStart: number, rowEnd: number): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** @param size numbers of each row. */
export async function openSequenceReader(path: string, size: number): Promise<SequenceReader> {
  const file = await open(path, "r");
  const rowBytes = size * Float32Array.BYTES_PER_ELEMENT;
  return {
    async read(rowStart, rowEnd) {
      const values = new Float32Array((rowEnd - rowStart) * size);
      const { bytesRead } = await file.read(new Uint8Array(values.buffer), { position: rowStart * rowBytes });
      if (bytesRead < values.byteLength) throw new Error(`${path} ends before row ${rowEnd}`);
      return Array.from({ length: rowEnd - rowStart }, (_, row) =>
        values.subarray(row * size, (row + 1) * size),
      );
    },
    close: () => file.close(),
  };
}

import { decodeVector } from "@tollgate/contracts";

/** Rows whose scores are known: what a serving process must reproduce before it may serve. */
export interface GoldenRows {
  /** The vectors one after the other, `rows * input.size` values. */
  readonly vectors: Float32Array;
  readonly probabilities: Float32Array;
  readonly rows: number;
}

interface EncodedGoldenRow {
  readonly vector: string;
  readonly probability: number;
}

/** The golden rows of a parsed manifest as one batch. */
export function decodeGoldenRows(manifest: {
  readonly goldenRows: readonly EncodedGoldenRow[];
  readonly input: { readonly size: number };
}): GoldenRows {
  const { size } = manifest.input;
  const vectors = new Float32Array(manifest.goldenRows.length * size);
  for (const [row, golden] of manifest.goldenRows.entries()) {
    vectors.set(decodeVector(golden.vector), row * size);
  }
  const probabilities = Float32Array.from(manifest.goldenRows, (golden) => golden.probability);
  return { vectors, probabilities, rows: manifest.goldenRows.length };
}

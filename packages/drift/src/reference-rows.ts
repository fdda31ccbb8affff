import { labelSources, outcomes, type LabelSource, type Outcome } from "@tollgate/contracts";

/** One decision that the model was made with: of the validation weeks, scored by the model itself. */
export interface ReferenceRow {
  readonly occurredAtMs: number;
  /** May be reused for the next row. */
  readonly vector: Float32Array;
  /** Values of the watched attributes, in their order. */
  readonly attributes: readonly (string | undefined)[];
  readonly score: number | null;
  readonly outcome: Outcome;
  /** What is believed by now; without a label a transaction counts as honest. */
  readonly fraud: boolean;
  readonly label?: { readonly source: LabelSource; readonly labelledAtMs: number } | undefined;
}

/** Rows as columns: a tenth of the memory. */
export interface ReferenceColumns {
  readonly size: number;
  /** Values of one vector. */
  readonly width: number;
  readonly occurredAtMs: Float64Array;
  /** Row by row. */
  readonly vectors: Float32Array;
  readonly attributes: readonly (readonly (string | undefined)[])[];
  /** NaN without one. */
  readonly scores: Float64Array;
  readonly outcomes: Uint8Array;
  readonly frauds: Uint8Array;
  readonly labels: ReadonlyMap<number, { readonly source: LabelSource; readonly labelledAtMs: number }>;
}

export function gatherRows(
  rows: Iterable<ReferenceRow>,
  { columns }: { readonly columns: number },
): ReferenceColumns {
  const occurredAtMs: number[] = [];
  const scores: number[] = [];
  const attributes: (readonly (string | undefined)[])[] = [];
  const chosen: number[] = [];
  const frauds: number[] = [];
  const labels = new Map<number, { readonly source: LabelSource; readonly labelledAtMs: number }>();
  let vectors = new Float32Array(columns * firstCapacity);
  // The same few combinations of values come again and again; one list of each is enough.
  const known = new Map<string, readonly (string | undefined)[]>();
  for (const row of rows) {
    const index = occurredAtMs.length;
    if ((index + 1) * columns > vectors.length) {
      const grown = new Float32Array(vectors.length * 2);
      grown.set(vectors);
      vectors = grown;
    }
    vectors.set(row.vector.subarray(0, columns), index * columns);
    occurredAtMs.push(row.occurredAtMs);
    scores.push(row.score ?? Number.NaN);
    const key = row.attributes.join("\u0000");
    const values = known.get(key) ?? [...row.attributes];
    known.set(key, values);
    attributes.push(values);
    chosen.push(outcomes.indexOf(row.outcome));
    frauds.push(row.fraud ? 1 : 0);
    if (row.label !== undefined && labelSources.includes(row.label.source)) labels.set(index, row.label);
  }
  return {
    size: occurredAtMs.length,
    width: columns,
    occurredAtMs: Float64Array.from(occurredAtMs),
    vectors,
    attributes,
    scores: Float64Array.from(scores),
    outcomes: Uint8Array.from(chosen),
    frauds: Uint8Array.from(frauds),
    labels,
  };
}

const firstCapacity = 1_024;

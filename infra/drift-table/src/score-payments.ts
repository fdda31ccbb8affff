import type { CompiledEngagement } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import type { ScoringModel } from "@tollgate/inference";
import type { FeatureMemory } from "./feature-memory.ts";
import type { SimulatedPayment, SimulatedRow } from "./simulated-row.ts";

/** Large enough that a call costs nothing, small enough for the cache. */
const batchRows = 512;

/** What serves, without the services: features, model, rules and thresholds of each payment, in order. */
export async function* scorePayments(
  payments: Iterable<SimulatedPayment>,
  parts: {
    readonly compiled: CompiledEngagement<CardPayment>;
    readonly model: ScoringModel;
    readonly memory: FeatureMemory;
    /** A fault between features and model. */
    readonly damage?: ((vector: Float32Array) => void) | undefined;
  },
): AsyncGenerator<readonly SimulatedRow[]> {
  const { compiled, memory, damage } = parts;
  const { size } = compiled.featureSet;
  if (parts.model.featureSet !== compiled.featureSet.hash) {
    throw new Error("the champion was trained on another feature set: run npm run train");
  }
  let batch: SimulatedPayment[] = [];
  let vectors = new Float32Array(batchRows * size);
  const flush = async (): Promise<readonly SimulatedRow[]> => {
    const rows = await scoreBatch(batch, vectors, parts);
    batch = [];
    vectors = new Float32Array(batchRows * size);
    return rows;
  };
  for (const payment of payments) {
    const vector = vectors.subarray(batch.length * size, (batch.length + 1) * size);
    memory.next(payment, vector);
    damage?.(vector);
    batch.push(payment);
    if (batch.length === batchRows) yield await flush();
  }
  if (batch.length > 0) yield await flush();
}

async function scoreBatch(
  batch: readonly SimulatedPayment[],
  vectors: Float32Array,
  { compiled, model }: { readonly compiled: CompiledEngagement<CardPayment>; readonly model: ScoringModel },
): Promise<readonly SimulatedRow[]> {
  const { size } = compiled.featureSet;
  const scores = await model.score(vectors.subarray(0, batch.length * size), batch.length);
  return batch.map((payment, place) => {
    const score = scores[place] ?? Number.NaN;
    const vector = vectors.subarray(place * size, (place + 1) * size);
    const { transaction } = payment;
    const { thresholds } = model;
    const { outcome } = compiled.decisions.decide({ transaction, vector, offset: 0, score, thresholds });
    return { payment, vector, score, outcome };
  });
}

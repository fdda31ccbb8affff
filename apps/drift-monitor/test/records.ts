import { encodeVector, type DecisionRecord, type Label, type Outcome } from "@tollgate/contracts";
import type { JsonMessage } from "@tollgate/event-log";
import { seededRandom, type SeededRandom } from "@tollgate/testkit";
import { compiled, profile } from "./test-engagement.ts";

const hourMs = 3_600_000;

/** A Monday. */
export const streamStartMs: number = Date.UTC(2026, 2, 2);

export interface DecisionOptions {
  readonly occurredAtMs: number;
  readonly model?: { readonly name: string; readonly version: number } | null;
  readonly score?: number | null;
  readonly outcome?: Outcome;
  /** Multiplies the first feature, the amount. */
  readonly inflation?: number;
}

/** A decision as the reference has them, feature by feature; the same number and options give the same. */
export function decision(number: number, options: DecisionOptions): DecisionRecord {
  const { model = profile.model, inflation = 1 } = options;
  const random = seededRandom(number + 1);
  const vector = Float32Array.from(profile.features, ({ bins, counts }) =>
    // Counters are: below, the bins, above, missing.
    valueOf(bins.centres, drawFrom(counts.slice(1, -2), random)),
  );
  vector[0] = (vector[0] ?? 0) * inflation;
  const { bins, counts } = profile.score;
  const drawn = valueOf(bins.centres, drawFrom(counts.slice(1, -2), random));
  const score = options.score === undefined ? drawn : options.score;
  const { review } = profile.score.thresholds;
  const occurredAt = new Date(options.occurredAtMs).toISOString();
  const attributes = profile.attributes.map((attribute) => {
    const { categories } = attribute.bins;
    return [
      attribute.field,
      categories[drawFrom(attribute.counts.slice(0, categories.length), random)] ?? "",
    ];
  });
  return {
    schema: "tollgate.decision.v1",
    transactionId: `tx-${number}`,
    partitionKey: `card-${number % 50}`,
    source: "kafka",
    occurredAt,
    decidedAt: new Date(options.occurredAtMs + 50).toISOString(),
    outcome: options.outcome ?? ((score ?? 0) >= review ? "review" : "approve"),
    score,
    rung: score === null ? "rules" : "model",
    reasons: [],
    model: model === null ? null : { ...model, digest: "0".repeat(64) },
    featureSet: compiled.featureSet.hash,
    rulesVersion: "1",
    degraded: [],
    statesRead: [{ entity: "card", key: `card-${number % 50}`, version: number, status: "PRESENT" }],
    generation: 1,
    vector: encodeVector(vector),
    stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
    transaction: {
      ...compiled.engagement.transaction.example(options.occurredAtMs),
      ...Object.fromEntries(attributes),
      id: `tx-${number}`,
      occurredAt,
      cardId: `card-${number % 50}`,
    },
  };
}

/** So many decisions an hour, for so many hours; the first hour is the stream's. */
export function stream(
  span: { readonly firstHour: number; readonly hours: number; readonly perHour: number },
  options: Partial<DecisionOptions> = {},
): readonly DecisionRecord[] {
  const { firstHour, hours, perHour } = span;
  return Array.from({ length: hours * perHour }, (_, index) => {
    const number = firstHour * perHour + index;
    const occurredAtMs = streamStartMs + firstHour * hourMs + Math.floor((index * hourMs) / perHour);
    return decision(number, { ...options, occurredAtMs });
  });
}

export function messageOf(record: DecisionRecord): JsonMessage {
  return { key: record.partitionKey, value: JSON.stringify(record) };
}

export function fraudLabel(number: number, labelledAtMs: number): JsonMessage {
  const value: Label = {
    labelId: `label-${number}`,
    transactionId: `tx-${number}`,
    fraud: true,
    source: "chargeback",
    labelledAt: new Date(labelledAtMs).toISOString(),
  };
  return { key: value.transactionId, value: JSON.stringify(value) };
}

/** A place, as often as its count says. */
function drawFrom(counts: readonly number[], random: SeededRandom): number {
  let left = random.next() * counts.reduce((sum, count) => sum + count, 0);
  for (const [place, count] of counts.entries()) {
    left -= count;
    if (left < 0) return place;
  }
  return 0;
}

function valueOf(centres: readonly number[], place: number): number {
  return Math.fround(centres[place] ?? 0);
}

import type { LabelSource, Outcome } from "@tollgate/contracts";
import { createRandom, type Random } from "@tollgate/statistics";
import {
  buildReferenceProfile,
  type DecisionObservation,
  type LabelObservation,
  type ReferenceProfile,
  type ReferenceRow,
} from "../../src/index.ts";

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
/** A Monday. */
export const startMs: number = Date.UTC(2026, 0, 5);

const features = ["amount", "count", "gap"].map((name) => ({ name, unit: "", missingValue: -1 }));
export const thresholds = { review: 0.8, decline: 0.95 };

/** What a test changes of a payment. */
export interface Change {
  readonly amountFactor?: number;
  readonly country?: string;
  readonly missingGap?: boolean;
}

/**
 * A payment of a small shop: log-normal amounts, a count, a gap that is missing in a tenth; one in 50 is
 * fraud.
 */
function payment(random: Random, occurredAtMs: number, change: Change = {}): ReferenceRow {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const fraud = random() < 0.02;
  const amount = Math.exp(3 + 0.8 * normal) * (fraud ? 3 : 1) * (change.amountFactor ?? 1);
  const gap = random() < 0.1 || change.missingGap === true ? -1 : random() * 100;
  const vector = Float32Array.of(amount, Math.floor(random() * 4), gap);
  const score = Math.min(0.999, (fraud ? 0.5 + random() / 2 : random() ** 3) * (amount > 100 ? 1 : 0.9));
  const outcome: Outcome =
    score >= thresholds.decline ? "decline" : score >= thresholds.review ? "review" : "approve";
  const country = change.country ?? (random() < 0.7 ? "DE" : random() < 0.8 ? "FR" : "AT");
  const channel = random() < 0.4 ? "online" : "present";
  const labelledAtMs = occurredAtMs + Math.floor(random() * 2 * dayMs);
  const label = fraud ? { source: "customer" as LabelSource, labelledAtMs } : undefined;
  return { occurredAtMs, vector, attributes: [country, channel], score, outcome, fraud, label };
}

/** Payments at even times: `perDay` a day for so many days. */
export function* payments(options: {
  readonly seed: number;
  readonly fromMs: number;
  readonly days: number;
  readonly perDay: number;
  readonly change?: Change;
}): Generator<ReferenceRow> {
  const random = createRandom(options.seed);
  const gapMs = dayMs / options.perDay;
  for (let index = 0; index < options.days * options.perDay; index += 1) {
    yield payment(random, options.fromMs + Math.floor(index * gapMs), options.change);
  }
}

/** The reference: four weeks from `startMs`. */
export function shopProfile(options: { readonly perDay?: number } = {}): ReferenceProfile {
  const { perDay = 300 } = options;
  return buildReferenceProfile({
    model: { name: "shop", version: 3 },
    featureSet: { hash: "abc", features },
    attributes: ["country", "channel"],
    segmentBy: ["channel"],
    thresholds,
    rows: payments({ seed: 11, fromMs: startMs, days: 28, perDay }),
  });
}

export function decisionOf(row: ReferenceRow): DecisionObservation {
  const { occurredAtMs, vector, attributes, score, outcome } = row;
  const valueMinor = Math.round((vector[0] ?? 0) * 100);
  return {
    occurredAtMs,
    vector,
    attributes,
    score,
    outcome,
    valueMinor,
    rung: "model",
    statuses: ["PRESENT", "NOT_FOUND"],
  };
}

/** The label of a fraud. */
export function labelOf(row: ReferenceRow): LabelObservation | undefined {
  if (row.label === undefined) return undefined;
  const { occurredAtMs, attributes, score, outcome, valueMinor } = decisionOf(row);
  const base = { occurredAtMs, attributes, score, outcome, valueMinor };
  return { ...base, ...row.label, fraud: row.fraud, change: "added" };
}

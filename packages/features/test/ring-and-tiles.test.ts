import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  distinct,
  labelRate,
  maximum,
  mean,
  minimum,
  rate,
  ratioToNormal,
  standardDeviation,
  stateBytes,
  sum,
  zScore,
  type CompiledEntity,
  type EntityDefinition,
  type EntityState,
  type StateFeature,
} from "../src/index.ts";
import { allowedValues, isRecognised, valueOver, type Allowed, type Known } from "./coverings.ts";
import { lateStreams, type Arrival } from "./late-streams.ts";
import { amount, cardEntity, online, type Payment } from "./payments.ts";

const missing = "not-a-number";

function windowFeatures(card: EntityDefinition<Payment>): readonly StateFeature<Payment>[] {
  const before = { includesCurrent: false, missing } as const;
  const whereOnline = { where: online, missing } as const;
  return [
    count(card, "1h", { missing }),
    count(card, "90d", before),
    count(card, "24h", { ...whereOnline, ...before }),
    count(card, "30d", { delay: "7d", missing }),
    count(card, "24h", { ...whereOnline, delay: "24h" }),
    sum(card, amount, "7d", { missing }),
    sum(card, amount, "24h", whereOnline),
    sum(card, amount, "1h", before),
    sum(card, amount, "30d", { delay: "7d", missing }),
    mean(card, amount, "90d", { missing }),
    mean(card, amount, "24h", { delay: "24h", missing }),
    mean(card, amount, "1h", { ...whereOnline, ...before }),
    standardDeviation(card, amount, "30d", { missing }),
    standardDeviation(card, amount, "24h", whereOnline),
    minimum(card, amount, "24h", whereOnline),
    minimum(card, amount, "7d", before),
    maximum(card, amount, "7d", { missing }),
    maximum(card, amount, "1h", { ...whereOnline, ...before }),
    rate(card, online, "7d", { missing }),
    rate(card, online, "1h", before),
    ratioToNormal(card, amount, "24h", { missing }),
    ratioToNormal(card, amount, "30d", { missing }),
    zScore(card, amount, "7d", { missing }),
    zScore(card, amount, "90d", { missing }),
    distinct(card, "shop", "1h", { missing }),
    distinct(card, "shop", "90d", before),
    labelRate(card, "1d", { delay: "7d", missing }),
    labelRate(card, "30d", { delay: "7d", missing }),
  ];
}

test.each([
  [0, 0],
  [4, 0],
  [4, 3],
  [20, 0],
  [20, 2],
  [20, 20],
])(
  "with rings of %i payments and %i labels, every value is exact or within a tile, however late it comes",
  (recentCapacity, recentLabels) => {
    const card = cardEntity(recentCapacity, { recentLabels });
    const features = windowFeatures(card);
    const property = fc.property(lateStreams({ minLength: 8, maxLength: 45 }), (stream) => {
      expect(firstOutOfBounds(features, card, stream)).toBeUndefined();
    });
    fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 8_000 });
  },
);

/** The first value outside of what the specification promises, as a stream arrives. */
function firstOutOfBounds(
  features: readonly StateFeature<Payment>[],
  card: EntityDefinition<Payment>,
  stream: readonly Arrival[],
): unknown {
  const featureSet = compileFeatureSet<Payment>({ entities: [card], features });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  let state = entity.empty();
  const known = { past: [] as Payment[], labelled: new Set<string>(), frauds: new Set<string>() };
  const arrived: Arrival[] = [];
  const vector = new Float32Array(featureSet.size);
  for (const arrival of stream) {
    const now = arrival.payment;
    applyLabelsUntil(arrival.arrivesAtMs, { entity, state, arrived, known });
    featureSet.compute(now, [state], vector, 0);
    for (const [column, feature] of features.entries()) {
      const actual = vector[column] ?? Number.NaN;
      const allowed = allowedValues(feature, known, now);
      const isWithin = allowed.some((one) => isClose(actual, one, { feature, known, now }));
      const name = featureSet.names[column];
      if (!isWithin) return { id: now.id, name, actual, allowed: allowed.map(({ value }) => value) };
    }
    if (!entity.apply(state, now)) return { id: now.id, problem: "taken for a duplicate" };
    known.past.push(now);
    arrived.push(arrival);
    if (arrival.restarts) state = restarted(entity, state);
    const isHeld = isRecognised(known.past, card.recentCapacity, now);
    if (arrival.isRedelivered && isHeld && entity.apply(state, now)) {
      return { id: now.id, problem: "counted twice" };
    }
  }
  return undefined;
}

/** Brings every label to the state that has arrived by now, each once. */
function applyLabelsUntil(
  nowMs: number,
  to: {
    readonly entity: CompiledEntity<Payment>;
    readonly state: EntityState;
    readonly arrived: readonly Arrival[];
    readonly known: { readonly labelled: Set<string>; readonly frauds: Set<string> };
  },
): void {
  const { entity, state, known } = to;
  for (const { payment: transaction, fraudAtMs, takenBackAtMs } of to.arrived) {
    if (fraudAtMs <= nowMs && !known.labelled.has(transaction.id)) {
      entity.applyLabel(state, { transaction, fraud: true, labelledAtMs: fraudAtMs });
      known.labelled.add(transaction.id);
      known.frauds.add(transaction.id);
    }
    if (takenBackAtMs <= nowMs && known.frauds.has(transaction.id)) {
      entity.applyLabel(state, { transaction, fraud: false, labelledAtMs: takenBackAtMs });
      known.frauds.delete(transaction.id);
    }
  }
}

/** The state as another process sees it: from its bytes. */
function restarted(entity: CompiledEntity<Payment>, state: EntityState): EntityState {
  const loaded = entity.empty();
  stateBytes(loaded).set(stateBytes(state));
  return loaded;
}

interface Comparison {
  readonly feature: StateFeature<Payment>;
  readonly known: Known;
  readonly now: Payment;
}

/** All are good to float32; a spread, and what is measured by it, to a share of the greatest square. */
function isClose(actual: number, allowed: Allowed, { feature, known, now }: Comparison): boolean {
  const { value, events } = allowed;
  if (Number.isNaN(value)) return Number.isNaN(actual);
  const isEstimate = feature.kind === "distinct" && feature.entity.recentCapacity === 0;
  // Four values set four different bits, of which linear counting makes 4.03.
  const tolerance = Math.abs(value) * (isEstimate ? 0.01 : 1e-6) + 1e-6;
  const isSpread = feature.kind === "aggregate" && feature.aggregate === "standard-deviation";
  if (!isSpread && feature.kind !== "z-score") return Math.abs(actual - value) <= tolerance;
  const spread = standardDeviation(feature.entity, amount, "90d", { includesCurrent: false });
  const variance = (isSpread ? value : valueOver(spread, events, now)) ** 2;
  const error = 2 ** -47 * Math.max(...[...known.past, now].map((event) => event.amount ** 2));
  if (variance <= 4 * error) return !isSpread || actual ** 2 <= 6 * error;
  return Math.abs(actual - value) <= tolerance + Math.abs(value) * (error / variance);
}

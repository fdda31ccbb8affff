import { compileEngagement, type CompiledEngagement } from "@tollgate/engagement";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import {
  buildReferenceProfile,
  watchableAttributes,
  type ReferenceProfile,
  type ReferenceRow,
} from "@tollgate/drift";
import type { ScoringModel } from "@tollgate/inference";
import { createFeatureMemory, type FeatureMemory } from "./feature-memory.ts";
import { scorePayments } from "./score-payments.ts";
import type { SimulatedPayment, SimulatedRow } from "./simulated-row.ts";

export const dayMs = 86_400_000;
/** A Monday. */
const startMs: number = Date.UTC(2026, 0, 5);

/** How the simulated weeks are used. */
interface Calendar {
  /** Until features that look back a month have their month. */
  readonly warmUpDays: number;
  /** What the reference is made of: whole weeks. */
  readonly referenceDays: number;
}

const calendar: Calendar = { warmUpDays: 42, referenceDays: 28 };

/** A stream at the moment a model version goes live. */
export interface LiveStream {
  readonly compiled: CompiledEngagement<CardPayment>;
  readonly model: ScoringModel;
  readonly profile: ReferenceProfile;
  readonly memory: FeatureMemory;
  /** The rows of the reference, in the order of time: for other tools. */
  readonly referenceRows: readonly SimulatedRow[];
  readonly liveMs: number;
  /** The payments of the days to come, once; throws when asked for the past. */
  takeUntil(untilMs: number): readonly SimulatedPayment[];
}

/** Simulates until the reference is complete. */
export async function goLive(options: {
  readonly seed: number;
  readonly customers: number;
  readonly model: ScoringModel;
}): Promise<LiveStream> {
  const { seed, customers, model } = options;
  const compiled = compileEngagement(engagement);
  const stream = engagement.simulate({ seed, startMs, customers, idPrefix: "d-" })[Symbol.iterator]();
  const memory = createFeatureMemory(compiled.featureSet);
  let held: SimulatedPayment | undefined;
  const takeUntil = (untilMs: number): readonly SimulatedPayment[] => {
    const taken: SimulatedPayment[] = [];
    for (;;) {
      const next = held ?? stream.next().value;
      held = next;
      if (next === undefined || next.transaction.occurredAtMs >= untilMs) return taken;
      taken.push(next);
      held = undefined;
    }
  };
  const vector = new Float32Array(compiled.featureSet.size);
  const warmMs = startMs + calendar.warmUpDays * dayMs;
  for (let dayEndMs = startMs + dayMs; dayEndMs <= warmMs; dayEndMs += dayMs) {
    for (const payment of takeUntil(dayEndMs)) memory.next(payment, vector);
  }
  const liveMs = warmMs + calendar.referenceDays * dayMs;
  const referenceRows: SimulatedRow[] = [];
  for await (const rows of scorePayments(takeUntil(liveMs), { compiled, model, memory }))
    referenceRows.push(...rows);
  const profile = makeProfile(compiled, model, referenceRows);
  return { compiled, model, profile, memory, referenceRows, liveMs, takeUntil };
}

function makeProfile(
  { featureSet, engagement: { transaction } }: CompiledEngagement<CardPayment>,
  model: ScoringModel,
  rows: readonly SimulatedRow[],
): ReferenceProfile {
  const attributes = watchableAttributes(
    rows.slice(0, 5_000).map((row) => transaction.toWire(row.payment.transaction)),
  );
  return buildReferenceProfile({
    model: model.reference,
    featureSet,
    attributes,
    thresholds: model.thresholds,
    rows: rows.map((row): ReferenceRow => {
      const { transaction: paid, label } = row.payment;
      const fields = paid as unknown as Readonly<Record<string, string | undefined>>;
      return {
        occurredAtMs: paid.occurredAtMs,
        vector: row.vector,
        attributes: attributes.map((field) => fields[field]),
        score: row.score,
        outcome: row.outcome,
        fraud: label?.fraud === true,
        label,
      };
    }),
  });
}

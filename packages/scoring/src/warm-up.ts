import type { BaseTransaction } from "@tollgate/contracts";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { scoreTransactions } from "./score-transactions.ts";
import type { ScoringPlan } from "./scoring-plan.ts";
import { silentObserver } from "./silent-observer.ts";

/** Enough for V8 to compile what every transaction runs through. */
const warmUpTransactions = 3_000;
/** The first half one by one as HTTP does, the second in batches as Kafka does. */
const warmUpBatch = 32;

/**
 * Sends simulated transactions through the whole way before anything real comes: with the real model, but a
 * store in memory and a log that keeps nothing.
 */
export async function warmUp<T extends BaseTransaction>(plan: ScoringPlan<T>): Promise<void> {
  const rehearsal: ScoringPlan<T> = {
    ...plan,
    store: memoryFeatureStore<T>(),
    sink: { append: async () => "log" },
    firstDecisions: { keep: () => {} },
    observer: silentObserver,
  };
  const { simulate, transaction: schema } = plan.engagement.engagement;
  const startMs = plan.clock.nowMs() - 30 * 86_400_000;
  let batch: T[] = [];
  let count = 0;
  for (const { transaction } of simulate({ seed: 1, startMs, customers: 100, idPrefix: "warm-up-" })) {
    // By its own clock: how many days so many transactions take depends on the weekday and on chance.
    const nowMs = transaction.occurredAtMs;
    const parsed = schema.parse(JSON.parse(JSON.stringify(schema.toWire(transaction))), nowMs);
    if (!parsed.ok) throw new Error("the engagement's simulation makes transactions that do not parse");
    batch.push(parsed.value);
    count += 1;
    if (count > warmUpTransactions / 2 && batch.length < warmUpBatch) continue;
    await scoreTransactions(
      rehearsal,
      batch.map((value) => ({ transaction: value, source: "http" })),
    );
    batch = [];
    if (count >= warmUpTransactions) return;
  }
}

import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { createFeatureMemory } from "../src/feature-memory.ts";
import type { SimulatedPayment } from "../src/simulated-row.ts";
import { createTimeQueue } from "../src/time-queue.ts";

const { featureSet } = compileEngagement(engagement);

function simulated(count: number): readonly SimulatedPayment[] {
  const taken: SimulatedPayment[] = [];
  for (const payment of engagement.simulate({ seed: 4, startMs: 0, customers: 200, idPrefix: "t-" })) {
    taken.push(payment);
    if (taken.length === count) break;
  }
  return taken;
}

test("a branch computes what the whole stream would, and leaves the stem as it was", () => {
  const payments = simulated(4_000);
  const vectorsOf = (
    memory: ReturnType<typeof createFeatureMemory>,
    of: readonly SimulatedPayment[],
  ): readonly string[] =>
    of.map((payment) => {
      const vector = new Float32Array(featureSet.size);
      memory.next(payment, vector);
      return Buffer.from(vector.buffer).toString("hex");
    });
  const whole = vectorsOf(createFeatureMemory(featureSet), payments);
  const stem = createFeatureMemory(featureSet);
  vectorsOf(stem, payments.slice(0, 3_000));
  const doubled = payments.slice(3_000).map((payment) => ({
    ...payment,
    transaction: { ...payment.transaction, amountMinor: payment.transaction.amountMinor * 2 },
  }));
  const branch = stem.branch();
  expect(vectorsOf(branch, doubled)).not.toEqual(whole.slice(3_000));
  expect(vectorsOf(stem.branch(), payments.slice(3_000))).toEqual(whole.slice(3_000));
  expect(vectorsOf(stem, payments.slice(3_000))).toEqual(whole.slice(3_000));
});

test("a queue gives what is due in the order of time, and its copy is its own", () => {
  const queue = createTimeQueue<string>();
  for (const [atMs, name] of [
    [5, "e"],
    [1, "a"],
    [3, "c"],
  ] as const)
    queue.add(atMs, name);
  const copy = queue.copy();
  expect([queue.takeUntil(4), queue.takeUntil(4), queue.takeUntil(4)]).toEqual(["a", "c", undefined]);
  expect(copy.takeUntil(9)).toBe("a");
});

import { decodeVector } from "@tollgate/contracts";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { versionOf } from "@tollgate/features";
import { expect, test } from "vitest";
import { createDecisionApplier, scoreTransactions, scoringLimits } from "../src/index.ts";
import { silentApplierObserver } from "../src/silent-observer.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, readLog, type Way } from "./way.ts";

const score = (way: Way, transaction: Sale): ReturnType<typeof scoreTransactions> =>
  scoreTransactions(way.plan, [{ transaction, source: "http" }]);

async function cardVersion(way: Way): Promise<number> {
  const state = await way.cardState("card-1");
  return state === null ? 0 : versionOf(state);
}

test("what another build decided keeps its decision, and is counted here from the log, once", async () => {
  const entities = createWay().compiled.featureSet.entities.slice(0, 1);
  const other = createWay({ store: memoryFeatureStore<Sale>({ entities }) });
  const way = createWay();
  const payment = way.sale({ id: "p1" });
  const [decided] = await score(other, payment);
  const { card: partitionKey } = way.sale({ id: "p1" });
  const answer = decided?.json ?? "";
  await way.store.writeDecisions([{ transactionId: "p1", partitionKey, place: "logged", answer }]);
  const [again] = await score(way, payment);
  expect(again).toMatchObject({ json: decided?.json, repeated: true });
  expect([way.log.length, await cardVersion(way)]).toEqual([0, 0]);
  // In a generation of the same number, but of another layout.
  expect(other.log.map(({ generation }) => generation)).toEqual([1]);
  for (let time = 0; time < 2; time += 1) {
    const { compiled: engagement, store, clock } = way;
    const applier = createDecisionApplier({ engagement, store, clock, observer: silentApplierObserver });
    await readLog(applier, other.log, 0);
    expect(await cardVersion(way)).toBe(1);
  }
});

test("what a build with other features left is decided without its vector, and counted once", async () => {
  const way = createWay();
  way.failAppends = true;
  await expect(score(way, way.sale({ id: "p1" }))).rejects.toThrow(/recorded/u);
  way.failAppends = false;
  const { featureSet } = way.compiled;
  const hash = "another";
  const engagement = { ...way.compiled, featureSet: { ...featureSet, hash } };
  way.clock.advanceMs(scoringLimits.claimLeaseMs + 1);
  const plan = { ...way.plan, engagement };
  const [resumed] = await scoreTransactions(plan, [{ transaction: way.sale({ id: "p1" }), source: "kafka" }]);
  expect(resumed?.answer).toMatchObject({ degraded: ["features"], featureSet: hash });
  const expected = new Float32Array(featureSet.size);
  const unknown = featureSet.entities.map(() => null);
  featureSet.compute(way.sale({ id: "p1" }), unknown, expected, 0);
  expect(decodeVector(way.log[0]?.vector ?? "")).toEqual(expected);
  expect(way.log[0]?.generation).toBe(0);
  await way.applyLog();
  expect(await cardVersion(way)).toBe(1);
});

test("a new group of consumers goes on where a rebuild ended, and not through all of the log", async () => {
  const way = createWay();
  await score(way, way.sale({ id: "p1" }));
  const [record] = way.log;
  if (record === undefined) throw new Error("nothing decided");
  const block = scoringLimits.repetitionBlockRecords;
  await way.store.writeProgress(0, 3 * block, 1);
  const { compiled, store, clock } = way;
  const parts = { engagement: compiled, store, clock, observer: silentApplierObserver };
  const first = { partition: 0, entries: [{ offset: 0, record }], firstOffset: 0, nextOffset: 1 };
  const applier = createDecisionApplier(parts);
  expect(await applier.apply(first)).toEqual({ resumeAt: 2 * block });
  // Asked once: a log that was made anew is shorter, and asking again would never end.
  expect(await applier.apply(first)).toBeUndefined();
});

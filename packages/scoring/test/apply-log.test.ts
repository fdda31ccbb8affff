import type { LabelledTransaction } from "@tollgate/contracts";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { versionOf } from "@tollgate/features";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createDecisionApplier,
  createLabelApplier,
  labelledProgressSlot,
  scoreTransactions,
  scoringLimits,
  type LabelApplier,
  type ScoreRequest,
} from "../src/index.ts";
import { silentApplierObserver } from "../src/silent-observer.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, readLog, startMs, type Way } from "./way.ts";

const dayMs = 86_400_000;
const request = (transaction: Sale): ScoreRequest<Sale> => ({ transaction, source: "http" });

function partsOf(way: Way): Parameters<typeof createDecisionApplier<Sale>>[0] {
  return { engagement: way.compiled, store: way.store, clock: way.clock, observer: silentApplierObserver };
}

async function scoreAll(way: Way, sales: readonly Sale[]): Promise<void> {
  for (const sale of sales) await scoreTransactions(way.plan, [request(sale)]);
}

async function shopVersion(way: Way): Promise<number> {
  const row = await way.shopRow("shop-1");
  return row === null ? 0 : versionOf(row.state);
}

async function cardVersion(way: Way): Promise<number> {
  const state = await way.cardState("card-1");
  return state === null ? 0 : versionOf(state);
}

test("a decision twice in the log counts once, also for an applier that starts between", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
  const [first] = way.log;
  if (first === undefined) throw new Error("nothing decided");
  way.log.push(first);
  await way.applyLog();
  way.log.push(first);
  await readLog(createDecisionApplier(partsOf(way)), way.log, 3);
  expect(await shopVersion(way)).toBe(2);
  expect(await cardVersion(way)).toBe(2);
});

test("a sale scored twice while the store was away stands twice in the log and counts once", async () => {
  const store = memoryFeatureStore<Sale>();
  const away = { ...store, recall: () => Promise.reject(new Error("away")) };
  const way = createWay({ store: away });
  const sale = way.sale({ id: "p1" });
  await scoreAll(way, [sale, sale]);
  expect(way.log.map(({ generation }) => generation)).toEqual([0, 0]);
  const back = createWay({ store });
  back.log.push(...way.log);
  await back.applyLog();
  expect([await shopVersion(back), await cardVersion(back)]).toEqual([1, 1]);
});

test("a record says in which generation it was counted, and what its streamed states held", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
  await way.applyLog();
  await createLabelApplier(partsOf(way)).apply(labels([labelled(way.sale({ id: "p1" }), 4, true)]));
  await scoreAll(way, [way.sale({ id: "p3" })]);
  expect(way.log.map(({ generation }) => generation)).toEqual([1, 1, 1]);
  expect(way.log[0]?.statesRead[1]).toMatchObject({ entity: "shop", applied: [], labelsApplied: 0 });
  expect(way.log[2]?.statesRead[1]).toMatchObject({ entity: "shop", applied: [2], labelsApplied: 5 });
  expect(way.log[2]?.statesRead[0]).not.toHaveProperty("applied");
});

test("a sale resumed from its claim is recorded with what its first attempt read", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" })]);
  await way.applyLog();
  way.failAppends = true;
  await expect(scoreTransactions(way.plan, [request(way.sale({ id: "p2" }))])).rejects.toThrow(/recorded/u);
  way.failAppends = false;
  await scoreAll(way, [way.sale({ id: "p3" })]);
  await way.applyLog();
  await scoreAll(way, [way.sale({ id: "p2" })]);
  const resumed = way.log.find(({ transactionId }) => transactionId === "p2");
  expect(resumed).toMatchObject({ generation: 1, degraded: [] });
  expect(resumed?.statesRead[1]).toMatchObject({ applied: [1], labelsApplied: 0 });
});

test("after a switch the log goes on where the new generation stands, and cards count once", async () => {
  const way = createWay();
  const sales = Array.from({ length: 12 }, (_, number) => way.sale({ id: `p${number}` }));
  await scoreAll(way, sales.slice(0, 10));
  await way.applyLog();
  // As a rebuild would: generation 2 holds the first six of the log, and nothing of what came after.
  const next = way.store.inGeneration(2);
  const builder = createDecisionApplier({ ...partsOf(way), store: next });
  await readLog(builder, way.log.slice(0, 6), 0);
  await way.store.switchGeneration({ from: 1, to: 2 });
  expect([await shopVersion(way), await cardVersion(way)]).toEqual([6, 6]);
  await scoreAll(way, sales.slice(10));
  await way.applyLog(10);
  expect([await shopVersion(way), await cardVersion(way)]).toEqual([12, 12]);
  expect(way.log.map(({ generation }) => generation)).toEqual([...Array<number>(10).fill(1), 2, 2]);
});

test("how long a decision took to be seen in each streamed entity is told, and repetitions are", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
  way.log.push(...way.log.slice(0, 1));
  way.clock.advanceMs(250);
  const seen: unknown[] = [];
  const observer = {
    ...silentApplierObserver,
    freshness: (entity: string, milliseconds: number) => seen.push([entity, milliseconds]),
    repetitions: (count: number) => seen.push(["repetitions", count]),
  };
  await readLog(createDecisionApplier({ ...partsOf(way), observer }), way.log, 0);
  expect(seen).toEqual([
    ["repetitions", 1],
    ["shop", 250],
    ["shop", 250],
  ]);
});

test("an applier that starts far into the log first reads which ids came shortly before", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
  const [first, second] = way.log;
  if (first === undefined || second === undefined) throw new Error("nothing decided");
  const block = scoringLimits.repetitionBlockRecords;
  const committed = 2 * block + 10;
  await way.store.writeProgress(0, committed, 1);
  const applier = createDecisionApplier(partsOf(way));
  const entries = [
    { offset: committed, record: first },
    { offset: committed + 1, record: second },
  ];
  const batch = { partition: 0, entries, firstOffset: committed, nextOffset: committed + 2 };
  expect(await applier.apply(batch)).toEqual({ resumeAt: block });
  const before = { partition: 0, entries: [{ offset: block + 5, record: first }] };
  expect(await applier.apply({ ...before, firstOffset: block, nextOffset: committed })).toBeUndefined();
  // Only noted: the store had it already.
  expect(await shopVersion(way)).toBe(0);
  expect(await applier.apply(batch)).toBeUndefined();
  expect(await shopVersion(way)).toBe(1);
});

test("what the log has lost is passed over, and the rest goes on", async () => {
  const way = createWay();
  await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
  const applier = createDecisionApplier(partsOf(way));
  const entries = way.log.slice(1).map((record) => ({ offset: 1, record }));
  const batch = { partition: 0, entries, firstOffset: 1, nextOffset: 2 };
  expect(await applier.apply(batch)).toEqual({ resumeAt: 0 });
  expect(await applier.apply(batch)).toEqual({ resumeAt: 0 });
  expect(await applier.apply(batch)).toBeUndefined();
  expect(await shopVersion(way)).toBe(1);
});

test("however labels are cut, repeated and redelivered, each counts once", async () => {
  const stream = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 25 });
  const cuts = fc.array(
    fc.record({ size: fc.integer({ min: 1, max: 6 }), back: fc.integer({ min: 0, max: 5 }) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(stream, cuts, async (picks, steps) => {
      const [once, cut] = [createWay(), createWay()];
      const believed = new Set<number>();
      const records = picks.map((pick, sequence) => {
        const fraud = !believed.delete(pick);
        if (fraud) believed.add(pick);
        const sale = once.sale({
          id: `p${pick}`,
          shop: `shop-${pick % 2}`,
          occurredAtMs: startMs + pick * dayMs,
        });
        return labelled(sale, sequence, fraud);
      });
      await createLabelApplier(partsOf(once)).apply(labels(records));
      // A topic in which a publisher that crashed said the last ones again.
      const topic: LabelledTransaction[] = [];
      for (let at = 0, step = 0; at < records.length; step += 1) {
        const { size, back } = steps[step % steps.length] ?? { size: 1, back: 0 };
        topic.push(...records.slice(Math.max(0, at - back), at + size));
        at += size;
      }
      let applier: LabelApplier = createLabelApplier(partsOf(cut));
      for (let at = 0, step = 0; at < topic.length; step += 1) {
        const { size, back } = steps[step % steps.length] ?? { size: 1, back: 0 };
        const from = Math.max(0, at - back);
        await applier.apply(labels(topic.slice(from, at + size), from));
        if (back === 3) applier = createLabelApplier(partsOf(cut));
        at += size;
      }
      for (const shop of ["shop-0", "shop-1"]) {
        const [left, right] = await Promise.all([once.shopRow(shop), cut.shopRow(shop)]);
        expect(left?.state).toEqual(right?.state);
        expect(left?.nextLabelSequence).toBe(right?.nextLabelSequence);
      }
    }),
    { numRuns: 100 },
  );
});

test("a label that is taken back leaves the rate as if it had never come", async () => {
  const rateAfter = async (changes: readonly boolean[]): Promise<number> => {
    const way = createWay();
    await scoreAll(way, [way.sale({ id: "p1" }), way.sale({ id: "p2" })]);
    await way.applyLog();
    const records = changes.map((fraud, sequence) => labelled(way.sale({ id: "p1" }), sequence, fraud));
    if (records.length > 0) await createLabelApplier(partsOf(way)).apply(labels(records));
    const later = way.sale({ id: "p3", occurredAtMs: startMs + 3 * dayMs });
    await scoreAll(way, [later]);
    const bytes = Buffer.from(way.log[2]?.vector ?? "", "base64");
    return bytes.readFloatLE(bytes.length - 4);
  };
  expect(await rateAfter([])).toBe(0);
  expect(await rateAfter([true])).toBe(0.5);
  expect(await rateAfter([true, false])).toBe(0);
  expect(await rateAfter([true, false, true])).toBe(0.5);
});

test("labels go on where another generation stands", async () => {
  const way = createWay();
  const records = [0, 1, 2].map((number) => labelled(way.sale({ id: `p${number}` }), number, true));
  const applier = createLabelApplier(partsOf(way));
  await applier.apply(labels(records));
  await way.store.writeProgress(labelledProgressSlot, 1, 2);
  await way.store.switchGeneration({ from: 1, to: 2 });
  const more = labelled(way.sale({ id: "p3" }), 3, true);
  expect(await applier.apply(labels([more], 3))).toEqual({ resumeAt: 1 });
  expect(await applier.apply(labels([...records.slice(1), more], 1))).toBeUndefined();
  expect(await shopVersion(way)).toBe(3);
});

function labelled(sale: Sale, sequence: number, fraud: boolean): LabelledTransaction {
  return {
    schema: "tollgate.labelled-transaction.v1",
    sequence,
    label: {
      labelId: `l-${sequence}`,
      transactionId: sale.id,
      fraud,
      source: "chargeback",
      labelledAt: new Date(startMs + 2 * dayMs).toISOString(),
    },
    partitionKey: sale.card,
    matchedAt: new Date(startMs + 2 * dayMs).toISOString(),
    transaction: sale,
  };
}

function labels(
  records: readonly LabelledTransaction[],
  firstOffset = 0,
): Parameters<LabelApplier["apply"]>[0] {
  return { records, firstOffset, nextOffset: firstOffset + records.length };
}

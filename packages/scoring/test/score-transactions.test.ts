import fc from "fast-check";
import { expect, test } from "vitest";
import { versionOf } from "@tollgate/features";
import { deadlineIn } from "@tollgate/runtime";
import { memoryFeatureStore, type FeatureStore } from "@tollgate/feature-store";
import {
  scoreTransactions,
  ScoringError,
  type Predictor,
  type ScoreRequest,
  type ServedVersion,
} from "../src/index.ts";
import { scoreEach } from "../src/score-transactions.ts";
import { silentObserver } from "../src/silent-observer.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, scoreOf, servedVersion, startMs, type Way } from "./way.ts";

const request = (transaction: Sale): ScoreRequest<Sale> => ({ transaction, source: "http" });

function storeThatFails(
  store: FeatureStore<Sale>,
  methods: readonly (keyof FeatureStore<Sale>)[],
): FeatureStore<Sale> {
  const failing = Object.fromEntries(
    methods.map((method) => [method, async () => Promise.reject(new Error("connection lost"))]),
  );
  return { ...store, ...failing };
}

function vectorsByTransaction(way: Way): Map<string, string> {
  return new Map(way.log.map((record) => [record.transactionId, record.vector]));
}

test("however a stream is cut and retried, every sale counts once and sees those before it", async () => {
  const payments = fc.array(
    fc.record({ card: fc.integer({ min: 1, max: 3 }), amount: fc.integer({ min: 0, max: 900 }) }),
    { minLength: 1, maxLength: 30 },
  );
  const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 8 }), again: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(payments, cuts, async (stream, calls) => {
      const oneByOne = createWay();
      const inCalls = createWay();
      const all = stream.map((step, position) =>
        oneByOne.sale({
          id: `p${position}`,
          card: `card-${step.card}`,
          amount: step.amount,
          occurredAtMs: startMs + position * 1000,
        }),
      );
      for (const payment of all) await scoreTransactions(oneByOne.plan, [request(payment)]);
      let at = 0;
      for (let call = 0; at < all.length; call += 1) {
        const { size, again } = calls[call % calls.length] ?? { size: 1, again: false };
        const part = all.slice(at, at + size).map(request);
        await scoreTransactions(inCalls.plan, part);
        if (again) {
          const repeated = await scoreTransactions(inCalls.plan, part);
          expect(repeated.every((scored) => scored.repeated)).toBe(true);
        }
        at += size;
      }
      expect(inCalls.log.length).toBe(all.length);
      expect(vectorsByTransaction(inCalls)).toEqual(vectorsByTransaction(oneByOne));
      for (const card of [1, 2, 3]) {
        const [left, right] = await Promise.all([
          oneByOne.cardState(`card-${card}`),
          inCalls.cardState(`card-${card}`),
        ]);
        expect(left).toEqual(right);
      }
    }),
    { numRuns: 50 },
  );
});

test("scores at the same time on one card lose no update: each sees a different version", async () => {
  const way = createWay();
  const payments = Array.from({ length: 40 }, (_, position) => way.sale({ id: `p${position}` }));
  await Promise.all(payments.map((payment) => scoreTransactions(way.plan, [request(payment)])));
  const state = await way.cardState("card-1");
  expect(state === null ? 0 : versionOf(state)).toBe(40);
  const versions = way.log.map((record) => record.statesRead[0]?.version ?? -1);
  expect(versions.toSorted((left, right) => left - right)).toEqual(payments.map((_, position) => position));
});

test("the state is written while the model runs: either begins before the other ends", async () => {
  const store = memoryFeatureStore<Sale>();
  const { promise: writing, resolve: writeBegins } = Promise.withResolvers<void>();
  const { promise: predicting, resolve: predictBegins } = Promise.withResolvers<void>();
  const way = createWay({
    store: {
      ...store,
      async remember(writes, generation) {
        writeBegins();
        await predicting;
        return store.remember(writes, generation);
      },
    },
    predictor: {
      async predict(vectors) {
        predictBegins();
        await writing;
        return { version: servedVersion, scores: Float32Array.from(vectors, scoreOf) };
      },
      refusal: () => undefined,
    },
  });
  const [scored] = await scoreTransactions(way.plan, [request(way.sale({ id: "p1" }))]);
  expect(scored?.answer).toMatchObject({ degraded: [], rung: "model" });
});

test("a card that another writer changes meanwhile keeps only its own payments waiting", async () => {
  const store = memoryFeatureStore<Sale>();
  const { promise: freed, resolve: free } = Promise.withResolvers<void>();
  let recalls = 0;
  const way = createWay({
    store: {
      ...store,
      async recall(states, claims) {
        recalls += 1;
        if (recalls === 2) await freed;
        const recalled = await store.recall(states, claims);
        // Another writer is faster, between this read and its write.
        if (recalls === 1) await scoreTransactions(rival.plan, [request(rival.sale({ id: "rival" }))]);
        return recalled;
      },
    },
  });
  const rival = createWay({ store });
  const requests = [way.sale({ id: "slow" }), way.sale({ id: "quick", card: "card-2" })].map(request);
  const told: number[] = [];
  const { promise: quickIsTold, resolve: quickTold } = Promise.withResolvers<void>();
  const whole = scoreEach(way.plan, requests, {
    deadline: undefined,
    tell(position) {
      told.push(position);
      if (position === 1) quickTold();
    },
  });
  await quickIsTold;
  expect([told, way.log.map(({ transactionId }) => transactionId)]).toEqual([[1], ["quick"]]);
  free();
  await whole;
  expect(told).toEqual([1, 0]);
  expect(way.log.map(({ statesRead }) => statesRead[0]?.version)).toEqual([0, 1]);
});

test("an id that comes twice in one call is decided once and answered twice", async () => {
  const way = createWay();
  const twice = request(way.sale({ id: "same" }));
  const [first, second] = await scoreTransactions(way.plan, [twice, { ...twice }]);
  expect(first?.repeated).toBe(false);
  expect(second).toEqual({ ...first, repeated: true });
  expect(way.log.length).toBe(1);
});

test("a sale that was counted but not recorded gets the same vector when it comes again", async () => {
  const way = createWay();
  const payment = request(way.sale({ id: "p1" }));
  way.failAppends = true;
  await expect(scoreTransactions(way.plan, [payment])).rejects.toThrow(ScoringError);
  way.failAppends = false;
  await way.applyLog();
  await scoreTransactions(way.plan, [request(way.sale({ id: "p2" }))]);
  await way.applyLog();
  const [resumed] = await scoreTransactions(way.plan, [payment]);
  const record = way.log.find((entry) => entry.transactionId === "p1");
  expect(resumed?.repeated).toBe(false);
  expect(record?.statesRead[0]).toMatchObject({ version: 0, status: "NOT_FOUND" });
  const bytes = Buffer.from(record?.vector ?? "", "base64");
  const vector = new Float32Array(new Uint8Array(bytes).buffer);
  expect(resumed?.answer.score).toBe(scoreOf(vector));
  const state = await way.cardState("card-1");
  expect(state === null ? 0 : versionOf(state)).toBe(2);
});

test("a decision that reached the log before its writer died is found there, not made again", async () => {
  const way = createWay();
  const payment = request(way.sale({ id: "p1" }));
  const forgetful = createWay({ store: storeThatFails(way.store, ["writeDecisions"]) });
  await scoreTransactions(forgetful.plan, [payment]);
  way.log.push(...forgetful.log);
  await way.applyLog();
  const [again] = await scoreTransactions(way.plan, [payment]);
  expect(again?.repeated).toBe(true);
  expect(way.log.length).toBe(1);
});

test("a caller is not kept waiting for a payment that another request may still be working on", async () => {
  const way = createWay();
  const payment = request(way.sale({ id: "p1" }));
  way.failAppends = true;
  await expect(scoreTransactions(way.plan, [payment])).rejects.toThrow(ScoringError);
  const again = scoreTransactions(way.plan, [payment], deadlineIn(way.clock, 100));
  await expect(again).rejects.toMatchObject({ code: "STILL_IN_PROGRESS" });
});

test("without the store a sale is scored on cold states, says so, and is counted from the log", async () => {
  const store = memoryFeatureStore<Sale>();
  const away = createWay({ store: storeThatFails(store, ["recall", "remember", "writeDecisions"]) });
  const payment = request(away.sale({ id: "p1" }));
  const [scored] = await scoreTransactions(away.plan, [payment]);
  expect(scored?.answer.degraded).toEqual(["features", "state-write"]);
  const back = createWay({ store });
  back.log.push(...away.log);
  await back.applyLog();
  await back.applyLog();
  const state = await back.cardState("card-1");
  expect(state === null ? 0 : versionOf(state)).toBe(1);
});

test("without a model the rules decide, and the answer says so", async () => {
  const way = createWay({
    predictor: { predict: async () => Promise.reject(new Error("late")), refusal: () => undefined },
  });
  const [scored] = await scoreTransactions(way.plan, [request(way.sale({ id: "p1", amount: 50_000 }))]);
  expect(scored?.answer).toMatchObject({
    decision: "review",
    score: null,
    rung: "rules",
    model: null,
    degraded: ["model"],
  });
  expect(scored?.answer.reasons.map((reason) => reason.code)).toEqual(["LARGE"]);
});

test("a decision that only the outbox took says so, and is counted as degraded", async () => {
  const counted: string[] = [];
  const way = createWay({
    sink: { append: async () => "outbox" },
    observer: { ...silentObserver, degraded: (part) => counted.push(part) },
  });
  const [scored] = await scoreTransactions(way.plan, [request(way.sale({ id: "p1" }))]);
  expect(scored?.answer.degraded).toEqual(["event-log"]);
  expect(counted).toEqual(["event-log"]);
});

test("the log applied twice, whole or in parts, counts every sale of a shop once", async () => {
  const way = createWay();
  for (let position = 0; position < 20; position += 1) {
    const payment = way.sale({ id: `p${position}`, card: `card-${position}` });
    await scoreTransactions(way.plan, [request(payment)]);
    if (position === 7) await way.applyLog();
  }
  await way.applyLog(5);
  await way.applyLog();
  const row = await way.shopRow("shop-1");
  expect(row === null ? 0 : versionOf(row.state)).toBe(20);
});

test("the record names the version that gave the score, not the one that serves meanwhile", async () => {
  let version = 1;
  const way = createWay({
    predictor: {
      async predict(vectors) {
        const reference = { ...servedVersion.reference, version };
        version += 1;
        return { version: { ...servedVersion, reference }, scores: new Float32Array(vectors.length) };
      },
      refusal: () => undefined,
    },
  });
  for (const id of ["p1", "p2"]) await scoreTransactions(way.plan, [request(way.sale({ id }))]);
  expect(way.log.map(({ model }) => model?.version)).toEqual([1, 2]);
});

test("who would wait too long behind others is refused before anything is counted", async () => {
  const way = createWay();
  const busy = { ...way.plan, predictor: { ...way.plan.predictor, refusal: () => 20 } };
  const sale = request(way.sale({ id: "p1" }));
  const deadline = deadlineIn(way.clock, 100);
  await expect(scoreTransactions(busy, [sale], deadline)).rejects.toMatchObject({ code: "REJECTED" });
  expect(await way.cardState("card-1")).toBeNull();
  const [scored] = await scoreTransactions(way.plan, [sale], deadline);
  expect(scored).toMatchObject({ repeated: false, answer: { rung: "model" } });
});

test("who hangs up before the count costs neither inference nor a decision", async () => {
  let predicted = 0;
  const canceled: number[] = [];
  const way = createWay({
    predictor: {
      async predict(vectors) {
        predicted += vectors.length;
        return { version: servedVersion, scores: new Float32Array(vectors.length) };
      },
      refusal: () => undefined,
    },
    observer: { ...silentObserver, canceled: (count) => void canceled.push(count) },
  });
  const sale = request(way.sale({ id: "p1" }));
  const deadline = deadlineIn(way.clock, 100);
  const gone = scoreTransactions(way.plan, [{ ...sale, isGone: () => true }], deadline);
  await expect(gone).rejects.toMatchObject({ code: "CANCELED" });
  expect(predicted).toBe(0);
  expect(canceled).toEqual([1]);
  expect(way.log).toEqual([]);
  expect(await way.cardState("card-1")).toBeNull();
  await scoreTransactions(way.plan, [{ ...sale, isGone: () => false }], deadline);
  expect(way.log).toHaveLength(1);
});

test("whoever chose a version is decided and recorded by it, in the same call as the others", async () => {
  const way = createWay();
  const challenger: ServedVersion = {
    reference: { name: "test", version: 2, digest: "1".repeat(64) },
    thresholds: { review: 0, decline: 0 },
  };
  const calls: number[] = [];
  const predictor: Predictor = {
    async predict(vectors) {
      calls.push(vectors.length);
      return { version: challenger, scores: Float32Array.from(vectors, () => 1) };
    },
    refusal: () => undefined,
  };
  const requests = ["a", "b", "c"].map((id) => request(way.sale({ id, card: `card-${id}` })));
  const [first, second, third] = requests;
  if (first === undefined || second === undefined || third === undefined) throw new Error("three requests");
  const scored = await scoreTransactions(way.plan, [
    first,
    { ...second, predictor },
    { ...third, predictor },
  ]);
  expect(scored.map(({ answer }) => [answer.model?.version, answer.decision === "decline"])).toEqual([
    [1, false],
    [2, true],
    [2, true],
  ]);
  expect(way.log.map(({ model }) => model)).toEqual([
    servedVersion.reference,
    challenger.reference,
    challenger.reference,
  ]);
  expect(calls).toEqual([2]);
  const failing: Predictor = { ...predictor, predict: () => Promise.reject(new Error("it is gone")) };
  const fourth = { ...request(way.sale({ id: "d", card: "card-d" })), predictor: failing };
  const [byRules] = await scoreTransactions(way.plan, [fourth]);
  expect([byRules?.answer.rung, byRules?.answer.degraded]).toEqual(["rules", ["model"]]);
});

import { deadlineIn, type Deadline } from "@tollgate/runtime";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  gatherScores,
  scoreTransactions,
  ScoringError,
  scoringLimits,
  type Outcome,
  type ScoreGatherer,
  type ScoreRequest,
} from "../src/index.ts";
import type { Sale } from "./shop-engagement.ts";
import { createWay, type Way } from "./way.ts";

interface CountedWay {
  readonly way: Way;
  /** The number of claims that each recall asked for: one for each transaction. */
  readonly recalls: number[];
  /** The number of records of each append. */
  readonly appends: number[];
  readonly gatherer: ScoreGatherer<Sale>;
  /** Keeps every append from now on waiting until the function that it gives is called. */
  hold(): () => void;
}

function countedWay(): CountedWay {
  const recalls: number[] = [];
  let held: Promise<void> = Promise.resolve();
  const plain = createWay();
  const store: Way["store"] = {
    ...plain.store,
    async recall(addresses, claims) {
      recalls.push(claims.length);
      return plain.store.recall(addresses, claims);
    },
  };
  const way = createWay({ store });
  const { sink } = way.plan;
  const appends: number[] = [];
  const append: typeof sink.append = async (records) => {
    appends.push(records.length);
    await held;
    return sink.append(records);
  };
  return {
    way,
    recalls,
    appends,
    gatherer: gatherScores({ ...way.plan, sink: { append } }),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = Promise.resolve();
        resolve();
      };
    },
  };
}

function salesOf(way: Way, count: number, prefix = "p"): readonly ScoreRequest<Sale>[] {
  return Array.from({ length: count }, (_, index) => ({
    transaction: way.sale({ id: `${prefix}${index}`, card: `card-${index}` }),
    source: "http",
  }));
}

function idIn(outcome: Outcome | undefined): string | undefined {
  return outcome instanceof ScoringError ? outcome.code : outcome?.answer.transactionId;
}

const inMs = (way: Way, milliseconds: number): Deadline => deadlineIn(way.clock, milliseconds);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("callers of one turn share one recall, and each gets its own answer", async () => {
  const { way, recalls, gatherer } = countedWay();
  const answers = await Promise.all(
    salesOf(way, 10).map(async (request) => gatherer.score([request], inMs(way, 100))),
  );
  expect(recalls).toEqual([10]);
  expect(answers.map(([outcome]) => idIn(outcome))).toEqual(
    Array.from({ length: 10 }, (_, index) => `p${index}`),
  );
  expect(way.log).toHaveLength(10);
});

test("callers with several transactions share a recall, and each gets its own answers in order", async () => {
  const { way, recalls, gatherer } = countedWay();
  const sizes = [10, 1, 3];
  const answers = await Promise.all(
    sizes.map(async (size, caller) => gatherer.score(salesOf(way, size, `c${caller}-`), inMs(way, 100))),
  );
  expect(recalls).toEqual([14]);
  expect(answers.map((outcomes) => outcomes.map(idIn))).toEqual(
    sizes.map((size, caller) => Array.from({ length: size }, (_, index) => `c${caller}-${index}`)),
  );
});

test("a caller's transactions stay together, in batches within the limit", async () => {
  const { way, recalls, gatherer } = countedWay();
  const size = Math.floor(scoringLimits.gatherTransactions / 2) + 1;
  const callers = Array.from({ length: 5 }, (_, caller) => salesOf(way, size, `c${caller}-`));
  await Promise.all(callers.map(async (requests) => gatherer.score(requests, inMs(way, 100))));
  expect(recalls).toEqual([size, size, size, size, size]);
  const tooMany = salesOf(way, scoringLimits.gatherTransactions + 1, "many-");
  await expect(gatherer.score(tooMany, inMs(way, 100))).rejects.toBeInstanceOf(RangeError);
  await expect(gatherer.score([], inMs(way, 100))).resolves.toEqual([]);
});

test("one transaction without a decision fails its own caller and nobody else", async () => {
  const { way, gatherer } = countedWay();
  const [gone, ...others] = salesOf(way, 3, "a-");
  if (gone === undefined) throw new Error("no sales");
  const mixed = gatherer.score([{ ...gone, isGone: () => true }, ...others], inMs(way, 100));
  const beside = gatherer.score(salesOf(way, 2, "b-"), inMs(way, 100));
  await expect(mixed).rejects.toMatchObject({ code: "CANCELED" });
  expect(await beside).toHaveLength(2);
  expect(way.log.map(({ transactionId }) => transactionId)).toEqual(["a-1", "a-2", "b-0", "b-1"]);
});

test("who sent it again gets the answer, though the first connection has gone", async () => {
  const { way, gatherer } = countedWay();
  const [request] = salesOf(way, 1, "a-");
  if (request === undefined) throw new Error("no sale");
  let isGone = false;
  const first = gatherer.score([{ ...request, isGone: () => isGone }], inMs(way, 100));
  const again = gatherer.score([{ ...request, isGone: () => false }], inMs(way, 100));
  isGone = true;
  const [[one], [other]] = await Promise.all([first, again]);
  expect([one, other]).toMatchObject([{ repeated: false }, { repeated: true }]);
  expect(way.log).toHaveLength(1);
  const nobody = [1, 2].map(async () => {
    const [fresh] = salesOf(way, 1, "b-");
    if (fresh === undefined) throw new Error("no sale");
    return gatherer.score([{ ...fresh, isGone: () => true }], inMs(way, 100));
  });
  for (const call of nobody) await expect(call).rejects.toMatchObject({ code: "CANCELED" });
  expect(way.log).toHaveLength(1);
});

test("never more than the limit in one batch, and all are answered", async () => {
  const { way, recalls, gatherer } = countedWay();
  const count = scoringLimits.gatherTransactions * 3 + 5;
  const sales = salesOf(way, count);
  await Promise.all(sales.map(async (request) => gatherer.score([request], inMs(way, 100))));
  expect(Math.max(...recalls)).toBe(scoringLimits.gatherTransactions);
  expect(recalls.reduce((sum, rows) => sum + rows, 0)).toBe(count);
});

test("an answer is the same whether a sale came alone or with others", async () => {
  const alone = createWay();
  const { way, gatherer } = countedWay();
  const requests = salesOf(way, 5);
  for (const request of requests) await scoreTransactions(alone.plan, [request], inMs(alone, 100));
  await Promise.all(requests.map(async (request) => gatherer.score([request], inMs(way, 100))));
  const vectors = (log: Way["log"]): unknown =>
    log.map(({ transactionId, vector, score }) => [transactionId, vector, score]);
  expect(vectors(way.log)).toEqual(vectors(alone.log));
});

test("who follows another closely waits for company, but never longer than the limit", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { way, recalls, gatherer } = countedWay();
  const calls: Promise<unknown>[] = [];
  const turnTaken = async (request: ScoreRequest<Sale>): Promise<void> => {
    calls.push(gatherer.score([request], inMs(way, 100)));
    await nextTurn();
    await nextTurn();
  };
  const [alone, second, third, late] = salesOf(way, 4);
  if (!alone || !second || !third || !late) throw new Error("no sales");
  await turnTaken(alone);
  expect(recalls).toEqual([1]);
  way.clock.advanceMs(scoringLimits.gatherMs - 1);
  await turnTaken(second);
  await turnTaken(third);
  expect(recalls).toEqual([1]);
  await vi.advanceTimersByTimeAsync(scoringLimits.gatherMs);
  await Promise.all(calls);
  expect(recalls).toEqual([1, 2]);
  way.clock.advanceMs(scoringLimits.gatherMs);
  await turnTaken(late);
  expect(recalls).toEqual([1, 2, 1]);
  await Promise.all(calls);
});

test("on a machine where batches take long, company is waited for longer, up to a limit", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { way, recalls, gatherer, hold } = countedWay();
  const [slow, second, third] = salesOf(way, 3);
  if (!slow || !second || !third) throw new Error("no sales");
  const runMs = 8 / scoringLimits.gatherTimeWeight;
  const release = hold();
  const first = gatherer.score([slow], inMs(way, 1_000));
  await nextTurn();
  await nextTurn();
  way.clock.advanceMs(runMs);
  release();
  await first;
  const answers = [gatherer.score([second], inMs(way, 1_000))];
  // It came alone: the last call is long ago.
  await Promise.all(answers);
  way.clock.advanceMs(scoringLimits.gatherMs + 1);
  answers.push(gatherer.score([third], inMs(way, 1_000)));
  await vi.advanceTimersByTimeAsync(scoringLimits.gatherMs);
  expect(recalls).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(scoringLimits.gatherLongestMs);
  await Promise.all(answers);
  expect(recalls).toEqual([1, 1, 1]);
});

test("a caller with little time waits for company only a tenth of it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { way, recalls, gatherer } = countedWay();
  const [alone, hurried] = salesOf(way, 2);
  if (!alone || !hurried) throw new Error("no sales");
  await gatherer.score([alone], inMs(way, 100));
  const answer = gatherer.score([hurried], inMs(way, 20));
  await vi.advanceTimersByTimeAsync(20 * scoringLimits.gatherShareOfDeadline);
  await answer;
  expect(recalls).toEqual([1, 1]);
});

test("one that is still in progress elsewhere fails alone", async () => {
  const { way, gatherer } = countedWay();
  const [first, ...others] = salesOf(way, 4);
  if (first === undefined) throw new Error("no sales");
  way.failAppends = true;
  await expect(gatherer.score([first], inMs(way, 100))).rejects.toMatchObject({ code: "NOT_RECORDED" });
  way.failAppends = false;
  const outcomes = await Promise.allSettled(
    [first, ...others].map(async (request) => gatherer.score([request], inMs(way, 100))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  expect(outcomes[0]).toMatchObject({ reason: { code: "STILL_IN_PROGRESS" } });
});

test("one whose caller has gone is left out, and the others are not", async () => {
  const { way, gatherer } = countedWay();
  const [first, second] = salesOf(way, 2);
  if (first === undefined || second === undefined) throw new Error("no sales");
  const gone = gatherer.score([{ ...first, isGone: () => true }], inMs(way, 100));
  const there = gatherer.score([second], inMs(way, 100));
  await expect(gone).rejects.toMatchObject({ code: "CANCELED" });
  expect(await there).toMatchObject([{ repeated: false }]);
  expect(way.log.map(({ transactionId }) => transactionId)).toEqual(["p1"]);
});

test("a caller in a hurry does not take the time of those who are not", async () => {
  const { way, recalls, gatherer } = countedWay();
  const [hurried, ...patient] = salesOf(way, 5);
  if (hurried === undefined) throw new Error("no sales");
  await Promise.all([
    gatherer.score([hurried], inMs(way, 10)),
    ...patient.map(async (request) => gatherer.score([request], inMs(way, 100))),
  ]);
  expect(new Set(recalls)).toEqual(new Set([1, 4]));
});

test("who would wait too long is refused at once, but never with a place in the next batch", async () => {
  const { way, gatherer, hold } = countedWay();
  // Batches that take 30 ms each, until that is what one is thought to take.
  for (let round = 0; round < 60; round += 1) {
    const release = hold();
    const scored = Promise.all(
      salesOf(way, 1, `slow-${round}-`).map(async (request) => gatherer.score([request], inMs(way, 100))),
    );
    await nextTurn();
    way.clock.advanceMs(30);
    release();
    await scored;
  }
  const release = hold();
  const running: Promise<unknown>[] = [];
  for (let run = 0; run < scoringLimits.gatherRuns; run += 1) {
    const [request] = salesOf(way, 1, `run-${run}-`);
    way.clock.advanceMs(scoringLimits.gatherLongestMs);
    if (request !== undefined) running.push(gatherer.score([request], inMs(way, 40)));
    await nextTurn();
  }
  // With 30 ms a run, the one after the next batch would be ready in 50.
  for (const request of salesOf(way, scoringLimits.gatherTransactions, "next-")) {
    running.push(gatherer.score([request], inMs(way, 35)));
  }
  const [late, patient] = salesOf(way, 2, "after-");
  if (late === undefined || patient === undefined) throw new Error("no sales");
  await expect(gatherer.score([late], inMs(way, 45))).rejects.toMatchObject({ code: "REJECTED" });
  running.push(gatherer.score([patient], inMs(way, 55)));
  release();
  await Promise.all(running);
  const recorded = new Set(way.log.map(({ transactionId }) => transactionId));
  expect(recorded.has("after-0")).toBe(false);
  expect(recorded.has("after-1")).toBe(true);
});

test("callers whose time is over go together, not one by one", async () => {
  const { way, appends, gatherer } = countedWay();
  const deadlines = [10, 20, 40, 80].map((milliseconds) => inMs(way, milliseconds));
  way.clock.advanceMs(200);
  const sales = salesOf(way, 60);
  await Promise.all(
    sales.map(async (request, index) => gatherer.score([request], deadlines[index % 4] ?? inMs(way, 1))),
  );
  expect(appends).toEqual([60]);
});

test("a queue that is full refuses the next at once, whatever its time", async () => {
  const { way, gatherer, hold } = countedWay();
  const release = hold();
  const count =
    scoringLimits.gatherWaiting + scoringLimits.gatherRuns * scoringLimits.gatherTransactions + 500;
  const outcomes = salesOf(way, count).map(async (request) =>
    gatherer.score([request], inMs(way, 0)).then(
      () => "answered",
      (error: unknown) => String(error),
    ),
  );
  release();
  const all = await Promise.all(outcomes);
  const answered = all.filter((outcome) => outcome === "answered").length;
  expect(answered).toBeGreaterThanOrEqual(scoringLimits.gatherWaiting);
  expect(answered).toBeLessThan(count);
});

import { deadlineIn, systemClock } from "@tollgate/runtime";
import { testClock } from "@tollgate/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  batcherLimits,
  createBatcher,
  type FinishedBatch,
  type RejectedCaller,
  type ScoringInput,
  type ScoringModel,
} from "../src/index.ts";
import { deadlineOf, farDeadline, loadTinyModel, tinyScore } from "./support/load-tiny-model.ts";
import { numberedCost, numberedModel } from "./support/numbered-model.ts";

let model: ScoringModel;
beforeAll(async () => {
  model = await loadTinyModel();
});
afterAll(async () => {
  await model.close();
});

const clock = systemClock();
const one = (a: number): { vectors: Float32Array; rows: number; deadline: typeof farDeadline } => ({
  vectors: Float32Array.of(a, 0, 0),
  rows: 1,
  deadline: farDeadline,
});

test("a single row is scored", async () => {
  const batcher = createBatcher({ model, clock });
  const scores = await batcher.predict(one(3));
  expect(scores[0]).toBeCloseTo(tinyScore([3, 0, 0]), 6);
});

test("callers of one turn of the event loop share a run", async () => {
  const batches: FinishedBatch[] = [];
  const observer = { batchFinished: (batch: FinishedBatch) => void batches.push(batch) };
  const batcher = createBatcher({ model, clock, observer });
  await Promise.all([1, 2, 3, 4].map(async (a) => batcher.predict(one(a))));
  expect(batches.map((batch) => batch.rows)).toEqual([4]);
});

test("the next batch gathers while a run is on", async () => {
  const batches: FinishedBatch[] = [];
  const observer = { batchFinished: (batch: FinishedBatch) => void batches.push(batch) };
  const batcher = createBatcher({
    model,
    clock,
    observer,
    limits: { ...batcherLimits, batchRows: 2, queuedRows: 100 },
  });
  await Promise.all([1, 2, 3, 4, 5].map(async (a) => batcher.predict(one(a))));
  expect(batches.map((batch) => batch.rows)).toEqual([2, 2, 1]);
});

test("who wants to know is told of each batch with its rows, and how long it waited", async () => {
  const still = testClock();
  const numbered = numberedModel(still);
  const batcher = createBatcher({ model: numbered.model, clock: still });
  const deadline = deadlineIn(still, 100);
  const rows = (count: number): Pick<ScoringInput, "vectors" | "rows"> => ({
    vectors: new Float32Array(count),
    rows: count,
  });
  const told: [number, number, number][] = [];
  const ran: ScoringInput["ran"] = (batch, waited) => void told.push([batch.rows, batch.micros, waited]);
  const others = [batcher.predict({ ...rows(256), deadline }), batcher.predict({ ...rows(10), deadline })];
  await batcher.predict({ ...rows(300), deadline, ran });
  const full = numberedCost.fixedMicros + 256 * numberedCost.perRowMicros;
  const last = numberedCost.fixedMicros + 54 * numberedCost.perRowMicros;
  expect(told).toEqual([
    [256, full, full],
    [54, last, 2 * full],
  ]);
  await Promise.all(others);
});

test("a caller over the queue's limit is refused at once, those before it are served", async () => {
  const rejected: RejectedCaller[] = [];
  const observer = { callerRejected: (caller: RejectedCaller) => void rejected.push(caller) };
  const batcher = createBatcher({
    model,
    clock,
    observer,
    limits: { ...batcherLimits, batchRows: 2, queuedRows: 3 },
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map(async (a) => batcher.predict(one(a))));
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
  expect(results[3]).toMatchObject({ reason: { code: "QUEUE_FULL" } });
  expect(rejected).toEqual([{ code: "QUEUE_FULL", reason: "REJECTED", rows: 1, priority: "champion" }]);
  expect(batcher.queuedRows).toBe(0);
});

test("a caller whose deadline passed before its turn is rejected, its neighbours are served", async () => {
  const batcher = createBatcher({ model, clock });
  let late = false;
  const results = Promise.allSettled([
    batcher.predict(one(1)),
    batcher.predict({ ...one(2), deadline: deadlineOf(() => late) }),
    batcher.predict(one(3)),
  ]);
  late = true;
  const [first, second, third] = await results;
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({ reason: { code: "DEADLINE" } });
  expect(third.status).toBe("fulfilled");
});

test("a score that is not a number fails its own caller only", async () => {
  const batcher = createBatcher({ model, clock });
  const [good, bad, also] = await Promise.allSettled([
    batcher.predict(one(1)),
    batcher.predict(one(Number.NaN)),
    batcher.predict(one(2)),
  ]);
  expect(good.status).toBe("fulfilled");
  expect(bad).toMatchObject({ reason: { code: "BACKEND" } });
  expect(also.status).toBe("fulfilled");
});

test("a run that fails rejects its callers, and the batcher goes on", async () => {
  const broken = await loadTinyModel();
  await broken.close();
  const switching = {
    inputSize: 3,
    runsAtOnce: 1,
    cost: model.cost,
    score: async (vectors: Float32Array, rows: number) =>
      (vectors[0] === 7 ? broken : model).score(vectors, rows),
  };
  const batcher = createBatcher({ model: switching, clock });
  const failing = [one(7), one(8)].map(async (input) => batcher.predict(input));
  for (const result of await Promise.allSettled(failing)) {
    expect(result).toMatchObject({ reason: { code: "BACKEND" } });
  }
  await expect(batcher.predict(one(1))).resolves.toHaveLength(1);
});

test("a caller with more rows than a batch gets all of them, in order", async () => {
  const batcher = createBatcher({
    model,
    clock,
    limits: { ...batcherLimits, batchRows: 4, queuedRows: 100 },
  });
  const values = Array.from({ length: 11 }, (_, row) => row / 2);
  const vectors = Float32Array.from(values.flatMap((value) => [value, 0, 0]));
  const scores = await batcher.predict({ vectors, rows: 11, deadline: farDeadline });
  for (const [row, value] of values.entries()) expect(scores[row]).toBeCloseTo(tinyScore([value, 0, 0]), 6);
});

test.for([0, -1, 1.5, 2])("%d rows in one vector are refused", async (rows) => {
  const batcher = createBatcher({ model, clock });
  await expect(batcher.predict({ ...one(1), rows })).rejects.toMatchObject({ code: "INPUT_SIZE" });
});

test("closing serves those that wait and refuses those that come after", async () => {
  const batcher = createBatcher({
    model,
    clock,
    limits: { ...batcherLimits, batchRows: 1, queuedRows: 100 },
  });
  const waiting = [1, 2, 3].map(async (a) => batcher.predict(one(a)));
  const closing = batcher.close();
  await expect(batcher.predict(one(4))).rejects.toMatchObject({ code: "CLOSED" });
  await closing;
  expect(batcher.queuedRows).toBe(0);
  await expect(Promise.all(waiting)).resolves.toHaveLength(3);
  await batcher.close();
});

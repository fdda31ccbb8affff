import { deadlineIn } from "@tollgate/runtime";
import { testClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import {
  batcherLimits,
  createBatcher,
  InferenceError,
  inferenceErrors,
  type RejectedCaller,
  type ScoringInput,
} from "../src/index.ts";
import { nextTurn, numberedCost, numberedModel } from "./support/numbered-model.ts";

const rows = (count: number): Pick<ScoringInput, "vectors" | "rows"> => ({
  vectors: Float32Array.from({ length: count }, (_, index) => index),
  rows: count,
});
const fullBatchMs = (numberedCost.fixedMicros + numberedCost.perRowMicros * batcherLimits.batchRows) / 1000;

test("who cannot be ready by its deadline is refused at once, with a time to come again", async () => {
  const clock = testClock();
  const { model, runs } = numberedModel(clock);
  const batcher = createBatcher({ model, clock });
  const first = batcher.predict({ ...rows(batcherLimits.batchRows), deadline: deadlineIn(clock, 100) });
  const late = batcher.predict({ ...rows(1), deadline: deadlineIn(clock, fullBatchMs) });
  const error = await late.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InferenceError);
  expect(error).toMatchObject({ code: "REJECTED", retryAfterMs: 1 });
  expect(runs).toEqual([]);
  await expect(batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 5) })).resolves.toHaveLength(1);
  await expect(first).resolves.toHaveLength(batcherLimits.batchRows);
});

test("who asks first is refused because of others only, and is counted once", async () => {
  const clock = testClock();
  const { model } = numberedModel(clock);
  const rejected: RejectedCaller[] = [];
  const observer = { callerRejected: (caller: RejectedCaller) => void rejected.push(caller) };
  const batcher = createBatcher({ model, clock, observer });
  const tooShort = { rows: 1, deadline: deadlineIn(clock, 0.01) };
  expect(batcher.refusal(tooShort)).toBeUndefined();
  const first = batcher.predict({ ...rows(batcherLimits.batchRows), deadline: deadlineIn(clock, 100) });
  expect(batcher.refusal({ rows: 1, deadline: deadlineIn(clock, fullBatchMs) })).toMatchObject({
    code: "REJECTED",
    retryAfterMs: 1,
  });
  expect(batcher.refusal({ rows: 1, deadline: deadlineIn(clock, 5) })).toBeUndefined();
  expect(batcher.refusal(tooShort)).toBeUndefined();
  expect(rejected).toEqual([{ code: "REJECTED", reason: "REJECTED", rows: 1, priority: "champion" }]);
  await first;
});

test("the run that is on counts until it ends", async () => {
  const clock = testClock();
  const { model } = numberedModel(clock);
  const batcher = createBatcher({ model, clock });
  const running = batcher.predict({ ...rows(200), deadline: deadlineIn(clock, 100) });
  while (batcher.queuedRows > 0) await nextTurn();
  const late = batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 2.15) });
  await expect(late).rejects.toMatchObject({ code: "REJECTED" });
  await running;
  const after = batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 2.15) });
  await expect(after).resolves.toHaveLength(1);
});

test("the estimate follows what batches really take, within its bounds", async () => {
  const clock = testClock();
  const { model } = numberedModel(clock, { slowness: 100 });
  const batcher = createBatcher({ model, clock });
  for (let batch = 0; batch < 200; batch += 1) {
    await batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 1_000) });
  }
  // Measured 0.11 ms, in truth 11 ms: the bound makes it 0.88 ms.
  const refused = batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 0.8) });
  await expect(refused).rejects.toMatchObject({ code: "REJECTED" });
  await expect(batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 0.9) })).resolves.toHaveLength(1);
});

test("an estimate that refuses everybody lets one through after a while and learns from it", async () => {
  const clock = testClock();
  const { model, runs } = numberedModel(clock, { slowness: 0.01 });
  const batcher = createBatcher({ model, clock });
  const send = async (): Promise<Float32Array> =>
    batcher.predict({ ...rows(1), deadline: deadlineIn(clock, 0.1) });
  await expect(send()).rejects.toMatchObject({ code: "REJECTED" });
  await expect(send()).rejects.toMatchObject({ code: "REJECTED" });
  clock.advanceMs(batcherLimits.probeAfterMs);
  await expect(send()).resolves.toHaveLength(1);
  expect(runs).toHaveLength(1);
  expect(batcher.cost.fixedMicros).toBeLessThan(numberedCost.fixedMicros);
});

test("who gave up before it came is refused, who gives up while it waits is not run", async () => {
  const clock = testClock();
  const { model, seen } = numberedModel(clock);
  const rejected: RejectedCaller[] = [];
  const observer = { callerRejected: (caller: RejectedCaller) => void rejected.push(caller) };
  const batcher = createBatcher({ model, clock, observer });
  const deadline = deadlineIn(clock, 100);
  const gone = batcher.predict({ ...rows(1), deadline, signal: AbortSignal.abort() });
  await expect(gone).rejects.toMatchObject({ code: "CANCELED" });
  const controller = new AbortController();
  const waiting = batcher.predict({ ...rows(2), deadline, signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "CANCELED" });
  await nextTurn();
  expect(seen.size).toBe(0);
  expect(rejected.map(({ reason }) => reason)).toEqual(["CANCELED", "CANCELED"]);
});

test("who leaves while its first batch runs has no further rows run", async () => {
  const clock = testClock();
  const { model, runs } = numberedModel(clock);
  const batcher = createBatcher({ model, clock });
  const controller = new AbortController();
  const { batchRows } = batcherLimits;
  const deadline = deadlineIn(clock, 100);
  const leaving = batcher.predict({ ...rows(3 * batchRows), deadline, signal: controller.signal });
  while (runs.length === 0) await nextTurn();
  controller.abort();
  await expect(leaving).rejects.toMatchObject({ code: "CANCELED" });
  expect(batcher.queuedRows).toBe(0);
  await batcher.whenIdle();
  expect(runs.map((run) => run.length)).toEqual([batchRows]);
});

test("a batch takes no more rows than the one who waits longest has time for", async () => {
  const clock = testClock();
  const { model, runs } = numberedModel(clock);
  const batcher = createBatcher({ model, clock });
  const urgent = batcher.predict({ ...rows(10), deadline: deadlineIn(clock, 0.5) });
  const patient = batcher.predict({ ...rows(100), deadline: deadlineIn(clock, 100) });
  await Promise.all([urgent, patient]);
  expect(runs.map((run) => run.length)).toEqual([10, 100]);
});

test("shadow rows wait for another model's champion, are bounded and dropped first", async () => {
  const clock = testClock();
  const order: string[] = [];
  const champion = numberedModel(clock, { beforeRun: () => void order.push("champion") });
  const shadow = numberedModel(clock, { beforeRun: () => void order.push("shadow") });
  const rejected: RejectedCaller[] = [];
  const champions = createBatcher({
    model: champion.model,
    clock,
    limits: { ...batcherLimits, batchRows: 1 },
  });
  const shadows = createBatcher({
    model: shadow.model,
    clock,
    limits: { ...batcherLimits, shadowQueuedRows: 2 },
    observer: { callerRejected: (caller) => void rejected.push(caller) },
    yieldsTo: [champions],
  });
  const deadline = deadlineIn(clock, 1_000);
  const kept = shadows.predict({ ...rows(2), deadline, priority: "shadow" });
  const dropped = shadows.predict({ ...rows(1), deadline, priority: "shadow" });
  const answers = Array.from({ length: 5 }, async () => champions.predict({ ...rows(1), deadline }));
  await expect(dropped).rejects.toMatchObject({ code: "SHADOW_DROPPED" });
  await Promise.all([...answers, kept]);
  expect(order).toEqual(["champion", "champion", "champion", "champion", "champion", "shadow"]);
  expect(rejected).toEqual([{ code: "SHADOW_DROPPED", reason: "REJECTED", rows: 1, priority: "shadow" }]);
});

test("every error says under which of Triton's reasons it is counted", () => {
  expect(inferenceErrors.REJECTED.reason).toBe("REJECTED");
  expect(inferenceErrors.QUEUE_FULL.reason).toBe("REJECTED");
  expect(inferenceErrors.DEADLINE.reason).toBe("REJECTED");
  expect(inferenceErrors.CANCELED.reason).toBe("CANCELED");
  expect(inferenceErrors.BACKEND.reason).toBe("BACKEND");
  expect(inferenceErrors.GOLDEN_ROWS_DIFFER.reason).toBe("OTHER");
});

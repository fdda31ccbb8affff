import { deadlineIn } from "@tollgate/runtime";
import { testClock } from "@tollgate/testkit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { batcherLimits, createBatcher, type Priority, type RejectedCaller } from "../src/index.ts";
import { nextTurn, numberedModel, scoreOfNumber } from "./support/numbered-model.ts";

/** Callers that come, give up and wait, in any order. A failing property prints its seed. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      rows: fc.integer({ min: 1, max: 12 }),
      budgetMs: fc.constantFrom(0.2, 1, 5, 1000),
      priority: fc.constantFrom<Priority>("champion", "champion", "shadow"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat({ max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const bounds = fc.record({
  batchRows: fc.integer({ min: 1, max: 9 }),
  shadowBatchRows: fc.integer({ min: 1, max: 4 }),
  shadowQueuedRows: fc.integer({ min: 1, max: 30 }),
  queuedRows: fc.integer({ min: 10, max: 60 }),
});
type Bounds = typeof bounds extends fc.Arbitrary<infer T> ? T : never;

interface SentCaller {
  readonly numbers: readonly number[];
  readonly priority: Priority;
  readonly controller: AbortController;
  answers: number;
  /** What the model had seen of it when it gave up. */
  seenAtCancel: number | undefined;
  scores: Float32Array | undefined;
  code: string | undefined;
}

interface Schedule {
  readonly callers: readonly SentCaller[];
  readonly rejected: readonly RejectedCaller[];
  readonly runs: readonly (readonly number[])[];
  readonly seen: ReadonlySet<number>;
  /** Shadow runs that began while a champion waited or another run was on. */
  readonly unfair: number;
  readonly callersOfRuns: readonly Priority[];
}

async function play(steps: readonly Step[], limits: Bounds, runsAtOnce: number): Promise<Schedule> {
  const clock = testClock();
  const callers: SentCaller[] = [];
  const rejected: RejectedCaller[] = [];
  const callersOfRuns: Priority[] = [];
  let unfair = 0;
  const ownerOf = (number: number): SentCaller | undefined =>
    callers.find((caller) => caller.numbers.includes(number));
  const waits = (caller: SentCaller): boolean =>
    caller.answers === 0 && !caller.controller.signal.aborted && !caller.numbers.every((n) => seen.has(n));
  const { model, runs, seen } = numberedModel(clock, {
    runsAtOnce,
    beforeRun([first = -1], runsOn) {
      const priority = ownerOf(first)?.priority ?? "champion";
      callersOfRuns.push(priority);
      const waiting = callers.some((caller) => caller.priority === "champion" && waits(caller));
      if (priority === "shadow" && (waiting || runsOn > 0)) unfair += 1;
    },
  });
  const observer = { callerRejected: (caller: RejectedCaller) => void rejected.push(caller) };
  const batcher = createBatcher({ model, clock, observer, limits: { ...batcherLimits, ...limits } });
  let nextNumber = 0;
  const answers: Promise<void>[] = [];
  for (const each of steps) {
    if (each.kind === "turn") await nextTurn();
    if (each.kind === "cancel") cancel(callers[each.which], seen);
    if (each.kind !== "send") continue;
    const numbers = Array.from({ length: each.rows }, () => nextNumber++);
    const controller = new AbortController();
    const caller: SentCaller = {
      numbers,
      priority: each.priority,
      controller,
      answers: 0,
      seenAtCancel: undefined,
      scores: undefined,
      code: undefined,
    };
    callers.push(caller);
    const deadline = deadlineIn(clock, each.budgetMs);
    const answer = batcher.predict({
      vectors: Float32Array.from(numbers),
      rows: each.rows,
      deadline,
      priority: each.priority,
      signal: controller.signal,
    });
    answers.push(
      answer.then(
        (scores) => void ((caller.answers += 1), (caller.scores = scores)),
        (error: { code: string }) => void ((caller.answers += 1), (caller.code = error.code)),
      ),
    );
  }
  await Promise.all(answers);
  await batcher.close();
  expect(batcher.queuedRows).toBe(0);
  return { callers, rejected, runs, seen, unfair, callersOfRuns };
}

function cancel(caller: SentCaller | undefined, seen: ReadonlySet<number>): void {
  if (caller === undefined || caller.controller.signal.aborted) return;
  caller.seenAtCancel = caller.numbers.filter((number) => seen.has(number)).length;
  caller.controller.abort();
}

async function always(check: (schedule: Schedule, limits: Bounds) => void): Promise<void> {
  const steps = fc.array(step, { maxLength: 40 });
  const property = fc.asyncProperty(steps, bounds, fc.constantFrom(1, 2), async (all, limits, runsAtOnce) => {
    check(await play(all, limits, runsAtOnce), limits);
  });
  await fc.assert(property, { numRuns: 200 });
}

test("every caller is answered exactly once, with its own rows' scores or a reason", async () => {
  await always(({ callers, rejected }) => {
    for (const caller of callers) {
      expect(caller.answers).toBe(1);
      if (caller.scores === undefined) expect(caller.code).toMatch(/^[A-Z_]+$/u);
      else expect([...caller.scores]).toEqual(caller.numbers.map(scoreOfNumber));
    }
    expect(rejected.length).toBe(callers.filter((caller) => caller.code !== undefined).length);
  });
});

test("no run has more rows than its cap, and no row is run twice", async () => {
  await always(({ runs, callersOfRuns }, limits) => {
    for (const [index, run] of runs.entries()) {
      const cap = callersOfRuns[index] === "shadow" ? limits.shadowBatchRows : limits.batchRows;
      expect(run.length).toBeLessThanOrEqual(cap);
    }
    const all = runs.flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

test("a caller that gave up costs nothing from then on", async () => {
  await always(({ callers, seen }) => {
    for (const { numbers, seenAtCancel, code } of callers) {
      if (seenAtCancel === undefined) continue;
      expect(numbers.filter((number) => seen.has(number)).length).toBe(seenAtCancel);
      if (seenAtCancel === 0)
        expect(code).toMatch(/^(CANCELED|REJECTED|QUEUE_FULL|SHADOW_DROPPED|DEADLINE)$/u);
    }
  });
});

test("no shadow row is run while a champion waits or another run is on", async () => {
  await always(({ unfair }) => expect(unfair).toBe(0));
});

test("a refused caller's rows never reach the model", async () => {
  await always(({ callers, seen }) => {
    const refused = callers.filter(({ code }) =>
      ["REJECTED", "QUEUE_FULL", "SHADOW_DROPPED"].includes(code ?? ""),
    );
    for (const { numbers } of refused) expect(numbers.some((number) => seen.has(number))).toBe(false);
  });
});

import { systemClock } from "@tollgate/runtime";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { batcherLimits, createBatcher, type FinishedBatch, type ScoringModel } from "../src/index.ts";
import { deadlineOf, loadTinyModel, tinyScore } from "./support/load-tiny-model.ts";

let model: ScoringModel;
beforeAll(async () => {
  model = await loadTinyModel();
});
afterAll(async () => {
  await model.close();
});

/** A failing property prints its seed. Few runs, because each one runs the real runtime. */
const runs = { numRuns: 150 };

const caller = fc.record({
  values: fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 9 }),
  late: fc.boolean(),
  poisoned: fc.boolean(),
  /** Event loop turns that pass before this caller comes. */
  turns: fc.integer({ min: 0, max: 2 }),
});
type Caller = typeof caller extends fc.Arbitrary<infer T> ? T : never;

const limits = fc.record({
  batchRows: fc.integer({ min: 1, max: 12 }),
  queuedRows: fc.integer({ min: 9, max: 60 }),
});

function vectorsOf(sender: Caller): Float32Array {
  const rows = sender.values.map((value) => [value / 8, 0, 0]);
  if (sender.poisoned) rows[rows.length - 1] = [Number.NaN, 0, 0];
  return Float32Array.from(rows.flat());
}

/** What is wrong with the answer that this caller got; undefined when it is its own. */
function mistakeIn(
  result: PromiseSettledResult<Float32Array>,
  sender: Caller | undefined,
): string | undefined {
  if (sender === undefined) return "an answer without a caller";
  if (result.status === "rejected") {
    const own = sender.late ? "REJECTED" : sender.poisoned ? "BACKEND" : "QUEUE_FULL";
    const { code } = result.reason as { code: string };
    return code === own || code === "QUEUE_FULL" ? undefined : `${code} instead of ${own}`;
  }
  if (sender.late || sender.poisoned) return "scores instead of an error";
  if (result.value.length !== sender.values.length) return `${result.value.length} scores`;
  const wrong = sender.values.find((value, row) => {
    const score = result.value[row] ?? Number.NaN;
    return !(Math.abs(score - tinyScore([value / 8, 0, 0])) < 1e-5);
  });
  return wrong === undefined ? undefined : `another score for ${wrong}`;
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

async function send(
  callers: readonly Caller[],
  bounds: { readonly batchRows: number; readonly queuedRows: number },
): Promise<{ batches: FinishedBatch[]; settled: number[]; results: PromiseSettledResult<Float32Array>[] }> {
  const batches: FinishedBatch[] = [];
  const settled: number[] = [];
  const observer = { batchFinished: (batch: FinishedBatch) => void batches.push(batch) };
  const batcher = createBatcher({
    model,
    clock: systemClock(),
    limits: { ...batcherLimits, ...bounds },
    observer,
  });
  const answers: Promise<Float32Array>[] = [];
  for (const [index, sender] of callers.entries()) {
    for (let count = 0; count < sender.turns; count += 1) await turn();
    const deadline = deadlineOf(() => sender.late);
    const input = { vectors: vectorsOf(sender), rows: sender.values.length, deadline };
    const answer = batcher.predict(input);
    expect(batcher.queuedRows).toBeLessThanOrEqual(bounds.queuedRows);
    answer.then(
      () => settled.push(index),
      () => {},
    );
    answers.push(answer);
  }
  const results = await Promise.allSettled(answers);
  expect(batcher.queuedRows).toBe(0);
  return { batches, settled, results };
}

test("every caller gets its own rows' scores in order, or the error that is its own", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(caller, { maxLength: 20 }), limits, async (callers, bounds) => {
      const { results } = await send(callers, bounds);
      const mistakes = results.map((result, index) => mistakeIn(result, callers[index]));
      expect(mistakes.filter((mistake) => mistake !== undefined)).toEqual([]);
    }),
    runs,
  );
});

test("no run has more rows than the cap, and callers are answered in order of arrival", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(caller, { maxLength: 20 }), limits, async (callers, bounds) => {
      const { batches, settled } = await send(callers, bounds);
      for (const batch of batches) expect(batch.rows).toBeLessThanOrEqual(bounds.batchRows);
      expect(settled).toEqual(settled.toSorted((left, right) => left - right));
    }),
    runs,
  );
});

test("without late callers and within the queue's limit nobody is refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(caller, { maxLength: 20 }), async (callers) => {
      const good = callers.map((sender) => ({ ...sender, late: false, poisoned: false }));
      const { results } = await send(good, { batchRows: 5, queuedRows: 180 });
      expect(results.every((result) => result.status === "fulfilled")).toBe(true);
    }),
    runs,
  );
});

import { isProbability } from "./accelerated-session.ts";
import type { BatchSlice, ScoringRequest } from "./request-queue.ts";
import type { ScoringModel } from "./scoring-model.ts";

/** A batch that the model has answered. */
export interface AnsweredBatch {
  readonly rows: number;
  readonly failed: boolean;
}

/** Runs the model on one batch and hands each caller its scores, or the reason why it gets none. */
export async function scoreBatch(
  slices: readonly BatchSlice[],
  context: {
    readonly model: Pick<ScoringModel, "inputSize" | "score">;
    /** Where the batch's vectors are put together; in use until the promise is settled. */
    readonly buffer: Float32Array;
    readonly fail: (request: ScoringRequest, cause: unknown) => void;
    /** Called once, before any caller hears of it. */
    readonly answered: (batch: AnsweredBatch) => void;
  },
): Promise<void> {
  const { model, buffer, fail, answered } = context;
  const rows = copyVectors(slices, buffer, model.inputSize);
  let scores: Float32Array;
  try {
    scores = await model.score(buffer, rows);
  } catch (error) {
    answered({ rows, failed: true });
    for (const slice of slices) fail(slice.request, error);
    return;
  }
  answered({ rows, failed: false });
  handOut(slices, scores, fail);
}

/** Fills the buffer and gives the number of rows. */
function copyVectors(slices: readonly BatchSlice[], buffer: Float32Array, inputSize: number): number {
  let rows = 0;
  for (const slice of slices) {
    const start = slice.from * inputSize;
    const values = slice.request.vectors.subarray(start, start + slice.rows * inputSize);
    buffer.set(values, rows * inputSize);
    rows += slice.rows;
  }
  return rows;
}

function handOut(
  slices: readonly BatchSlice[],
  scores: Float32Array,
  fail: (request: ScoringRequest, cause: unknown) => void,
): void {
  let at = 0;
  for (const { request, from, rows } of slices) {
    const own = scores.subarray(at, at + rows);
    at += rows;
    if (request.settled) continue;
    const wrong = own.find((score) => !isProbability(score));
    if (wrong !== undefined) {
      fail(request, new RangeError(`the score ${wrong} is not a probability`));
      continue;
    }
    request.scores.set(own, from);
    if (from + rows < request.rows) continue;
    request.settled = true;
    request.resolve(request.scores);
  }
}

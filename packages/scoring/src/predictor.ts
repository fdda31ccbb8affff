import type { ModelSlot } from "@tollgate/inference";
import { deadlineIn, type Clock, type Deadline } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";
import type { Predictor } from "./scoring-plan.ts";
import type { PipelineModel } from "./serving-model.ts";

/** The model of a slot as the pipeline uses it: whichever version the slot holds when it is asked. */
export function createPredictor(
  slot: ModelSlot<PipelineModel>,
  { clock }: { readonly clock: Clock },
): Predictor {
  return {
    async predict(vectors, deadline) {
      const limit = limitOf(clock, deadline);
      const { model, scores } = await slot.predict(({ columns }) => ({
        vectors: inputsOf(columns, vectors),
        rows: vectors.length,
        deadline: limit,
      }));
      return { version: model, scores };
    },
    refusal: (rows, deadline) => slot.refusal({ rows, deadline: limitOf(clock, deadline) })?.retryAfterMs,
  };
}

/** The time that is kept for deciding and recording is not the model's. */
function limitOf(clock: Clock, deadline: Deadline | undefined): Deadline {
  if (deadline === undefined) return deadlineIn(clock, scoringLimits.predictWithoutDeadlineMs);
  return {
    remainingMs: () => deadline.remainingMs() - scoringLimits.reserveMs,
    expired: () => deadline.remainingMs() <= scoringLimits.reserveMs,
  };
}

/**
 * The model's columns of each vector, row after row.
 * @throws RangeError for a vector that ends before the last of them: it was computed, or claimed, while no
 * model read the sequence.
 */
export function inputsOf(columns: Int32Array, vectors: readonly Float32Array[]): Float32Array {
  const inputs = new Float32Array(vectors.length * columns.length);
  const last = columns.at(-1) ?? -1;
  let next = 0;
  for (const vector of vectors) {
    // A sequence comes last and whole; features alone are there in every vector.
    if (last >= vector.length) throw new RangeError(`${vector.length} values, the model reads value ${last}`);
    for (let input = 0; input < columns.length; input += 1) {
      inputs[next] = vector[columns[input] ?? -1] ?? Number.NaN;
      next += 1;
    }
  }
  return inputs;
}

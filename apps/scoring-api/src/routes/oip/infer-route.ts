import { InferenceError } from "@tollgate/inference";
import { deadlineIn, type Clock, type Deadline } from "@tollgate/runtime";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import type { Answer } from "../../http/end-response.ts";
import { apiLimits } from "../../limits.ts";
import type { Exchange, Route } from "../../route.ts";
import { inferenceAnswer } from "./inference-answer.ts";
import type { InferenceRequest } from "./inference-request.ts";
import type { InferenceStatistics } from "./inference-statistics.ts";
import {
  assertStillThere,
  targetOf,
  type OipModel,
  type OipModels,
  type OipSlot,
  type OipTarget,
} from "./oip-model.ts";
import { parseInferenceRequest } from "./parse-inference-request.ts";
import { readInferenceBody } from "./read-inference-body.ts";

export interface InferRouteOptions {
  readonly models: OipModels;
  readonly statistics: InferenceStatistics;
  readonly clock: Clock;
}

/**
 * `POST …/infer`: the model alone, on vectors that the caller made. No rules, no state, no record: this is
 * not a fraud decision.
 */
export function inferRoute(path: string, options: InferRouteOptions): Route {
  const { models, statistics } = options;
  return {
    method: "POST",
    path,
    access: "infer",
    cost: "items",
    async handle(exchange) {
      // A name that is not served is refused before a large body is read.
      const target = targetOf(exchange, models);
      const count = statistics.begin(target.slot.current.model);
      try {
        const answer = await infer(exchange, { ...options, target }, count.stage);
        count.succeeded(answer.rows);
        return answer;
      } catch (error) {
        count.failed();
        throw apiErrorOfInference(error);
      }
    },
  };
}

type Stage = ReturnType<InferenceStatistics["begin"]>["stage"];

async function infer(
  exchange: Exchange,
  { models, clock, target }: InferRouteOptions & { readonly target: OipTarget },
  stage: Stage,
): Promise<Answer & { readonly rows: number }> {
  const deadline = deadlineOf(exchange, clock, apiLimits.inferenceDeadlineMs);
  const body = await readInferenceBody(exchange);
  let request: InferenceRequest | undefined;
  const inputFor = (model: OipModel): Parameters<typeof predictInput>[0] => {
    // The version that serves at this very moment: a swap may have happened while the body came in.
    assertStillThere(exchange, models, { target, model });
    request = parseInferenceRequest(body, model);
    exchange.charge(request.rows);
    stage("compute_input");
    return { request, deadline: earlier(clock, deadline, request.timeoutMs) };
  };
  const { model, scores } = await target.slot.predict((served) => predictInput(inputFor(served)));
  stage("compute_infer");
  if (request === undefined) throw new Error("the model answered before it was asked");
  const answer = inferenceAnswer({ request, model, scores });
  stage("compute_output");
  return { ...answer, rows: request.rows };
}

function predictInput(input: {
  readonly request: InferenceRequest;
  readonly deadline: Deadline;
}): ReturnType<Parameters<OipSlot["predict"]>[0]> {
  const { vectors, rows, priority } = input.request;
  return { vectors, rows, priority, deadline: input.deadline };
}

function earlier(clock: Clock, deadline: Deadline, timeoutMs: number | undefined): Deadline {
  if (timeoutMs === undefined || timeoutMs >= deadline.remainingMs()) return deadline;
  return deadlineIn(clock, timeoutMs);
}

/** A model that fails stays what it is: INTERNAL, with its reason in the log. */
function apiErrorOfInference(error: unknown): unknown {
  const rejected = error instanceof InferenceError && error.entry.reason === "REJECTED";
  return rejected ? new ApiError("INFERENCE_REJECTED") : error;
}

import { InferenceError, type ScoringInput } from "@tollgate/inference";
import { deadlineIn, type Clock, type Deadline } from "@tollgate/runtime";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import type { Answer } from "../../http/end-response.ts";
import { ClientGone } from "../../http/read-body.ts";
import { apiLimits } from "../../limits.ts";
import type { Exchange, Route } from "../../route.ts";
import { inferenceAnswer } from "./inference-answer.ts";
import type { InferenceBody, InferenceRequest } from "./inference-request.ts";
import type { FollowedRequest, InferenceStatistics } from "./inference-statistics.ts";
import { assertStillThere, targetOf, type OipModel, type OipModels, type OipTarget } from "./oip-model.ts";
import { parseInferenceRequest } from "./parse-inference-request.ts";
import { readInferenceBody } from "./read-inference-body.ts";

export interface InferRouteOptions {
  readonly models: OipModels;
  readonly statistics: InferenceStatistics;
  readonly clock: Clock;
}

/**
 * `POST …/infer`: the model alone, on vectors that the caller made. No rules, no state, no record: this is
 * not a fraud decision. Whoever leaves costs no further run.
 */
export function inferRoute(path: string, options: InferRouteOptions): Route {
  const { models, statistics, clock } = options;
  return {
    method: "POST",
    path,
    access: "infer",
    cost: "items",
    async handle(exchange) {
      // A name that is not served is refused before a large body is read.
      const target = targetOf(exchange, models);
      const deadline = deadlineOf(exchange, clock, apiLimits.inferenceDeadlineMs);
      const body = await readInferenceBody(exchange);
      const followed = statistics.begin(target.slot.current.model);
      try {
        return await infer({ exchange, body, target, deadline, followed }, options);
      } catch (error) {
        followed.failed();
        throw apiErrorOfInference(error);
      }
    },
  };
}

interface Asked {
  readonly exchange: Exchange;
  readonly body: InferenceBody;
  readonly target: OipTarget;
  readonly deadline: Deadline;
  readonly followed: FollowedRequest;
}

async function infer(asked: Asked, { models, clock }: InferRouteOptions): Promise<Answer> {
  const { exchange, target, followed } = asked;
  let request: InferenceRequest | undefined;
  const inputFor = (model: OipModel): ScoringInput => {
    // The version that serves at this very moment: a swap may have happened while the body came in.
    assertStillThere(exchange, models, { target, model });
    request = parseInferenceRequest(asked.body, model);
    exchange.charge(request.rows);
    followed.prepared();
    const { vectors, rows, priority, timeoutMs } = request;
    const deadline = earlier(clock, asked.deadline, timeoutMs);
    return { vectors, rows, priority, deadline, signal: exchange.whenGone(), ran: followed.ran };
  };
  const { model, scores } = await target.slot.predict(inputFor);
  followed.scored();
  if (request === undefined) throw new Error("the model answered before it was asked");
  const answer = inferenceAnswer({ request, model, scores });
  followed.succeeded(request.rows);
  return answer;
}

function earlier(clock: Clock, deadline: Deadline, timeoutMs: number | undefined): Deadline {
  if (timeoutMs === undefined || timeoutMs >= deadline.remainingMs()) return deadline;
  return deadlineIn(clock, timeoutMs);
}

/** A model that fails stays what it is: INTERNAL, with its reason in the log. */
function apiErrorOfInference(error: unknown): unknown {
  if (!(error instanceof InferenceError)) return error;
  if (error.code === "CANCELED") return new ClientGone("the client left before it had its scores");
  return error.entry.reason === "REJECTED" ? new ApiError("INFERENCE_REJECTED") : error;
}

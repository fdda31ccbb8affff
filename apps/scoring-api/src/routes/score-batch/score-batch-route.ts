import type { BaseTransaction } from "@tollgate/contracts";
import { scoringLimits, type Predictor, type Scored } from "@tollgate/scoring";
import type { Deadline, Logger } from "@tollgate/runtime";
import { chosenModel } from "../../chosen-model.ts";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError, type ApiErrorDetails } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import { apiErrorOf, faultsAt, problemOf } from "../../problem.ts";
import { ClientGone } from "../../http/read-body.ts";
import type { Exchange, Route } from "../../route.ts";
import type { ScoreRouteOptions } from "../score/score-route.ts";

/** What became of one transaction of a batch, as JSON: `status`, and `repeated` and `answer` or `problem`. */
type BatchResult = string;

interface BatchItem<T> {
  readonly index: number;
  readonly transaction: T;
}

export type ScoreBatchRouteOptions<T extends BaseTransaction> = Omit<ScoreRouteOptions<T>, "deadlineMs"> & {
  readonly logger: Logger;
};

/** `POST /v1/score/batch`: answers in order; one bad transaction does not spoil the others. */
export function scoreBatchRoute<T extends BaseTransaction>(options: ScoreBatchRouteOptions<T>): Route {
  const { schema, clock } = options;
  return {
    method: "POST",
    path: "/v1/score/batch",
    access: "score",
    cost: "items",
    traced: true,
    async handle(exchange) {
      const deadline = deadlineOf(exchange, clock, apiLimits.batchDeadlineMs);
      const predictor = chosenModel(exchange, options.models)?.predictor;
      const { inputs, prefix } = inputsOf(await exchange.readJson(apiLimits.batchBodyBytes));
      exchange.charge(inputs.length);
      const results: BatchResult[] = [];
      const items: BatchItem<T>[] = [];
      const nowMs = clock.nowMs();
      for (const [index, input] of inputs.entries()) {
        const parsed = schema.parse(input, nowMs);
        if (parsed.ok) items.push({ index, transaction: parsed.value });
        else results[index] = invalid(options, faultsAt(`${prefix}/${index}`, parsed.faults));
      }
      // One after the other: a transaction counts for those that come after it in the batch.
      for (let start = 0; start < items.length; start += scoringLimits.batchTransactions) {
        const chunk = items.slice(start, start + scoringLimits.batchTransactions);
        const scored = await scoreChunk(options, chunk, { exchange, deadline, predictor });
        for (const [position, { index }] of chunk.entries()) {
          const result = scored[position];
          if (result !== undefined) results[index] = result;
        }
      }
      return { status: 200, contentType: "application/json", body: `{"results":[${results.join(",")}]}` };
    },
  };
}

function inputsOf(body: unknown): { readonly inputs: readonly unknown[]; readonly prefix: string } {
  const listed = Array.isArray(body);
  const inputs: unknown = listed ? body : transactionsIn(body);
  if (!Array.isArray(inputs)) throw new ApiError("INVALID_BATCH");
  if (inputs.length > apiLimits.batchItems) {
    const detail = `${inputs.length} were sent, the limit is ${apiLimits.batchItems}.`;
    throw new ApiError("TOO_MANY_ITEMS", { detail });
  }
  return { inputs, prefix: listed ? "" : "/transactions" };
}

function transactionsIn(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Object.keys(body).length !== 1) return undefined;
  return (body as Readonly<Record<string, unknown>>)["transactions"];
}

function invalid<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  faults: ApiErrorDetails["faults"] & object,
): BatchResult {
  return refused(options, new ApiError("INVALID_TRANSACTION", { faults }));
}

function refused<T extends BaseTransaction>(options: ScoreBatchRouteOptions<T>, error: unknown): BatchResult {
  const { code, details } = apiErrorOf(error);
  options.telemetry.metrics.rejected({ reason: code }).add();
  const problem = problemOf(code, details);
  return JSON.stringify({ status: problem.status, problem });
}

interface BatchCall {
  readonly exchange: Exchange;
  readonly deadline: Deadline;
  readonly predictor: Predictor | undefined;
}

async function scoreChunk<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  chunk: readonly BatchItem<T>[],
  { exchange, deadline, predictor }: BatchCall,
): Promise<readonly BatchResult[]> {
  const { scorer, clock, telemetry, logger } = options;
  const startMicros = clock.monotonicMicros();
  let scored: readonly Scored[];
  try {
    const requests = chunk.map(({ transaction }) => ({
      transaction,
      source: "http" as const,
      isGone: exchange.isGone,
      trace: exchange.trace,
      predictor,
    }));
    scored = await scorer(requests, deadline);
  } catch (error) {
    // Nobody reads the answer: the rest of the batch is left.
    if (exchange.isGone()) throw new ClientGone("the client left before its batch was scored");
    if (apiErrorOf(error).code === "INTERNAL") {
      const about = { requestId: exchange.requestId, traceId: exchange.trace?.traceId };
      logger.error("batch-failed", { ...about, message: String(error), transactions: chunk.length });
    }
    return chunk.map(() => refused(options, error));
  }
  const { metrics } = telemetry;
  metrics.scoreDuration({ source: "http" }).observe((clock.monotonicMicros() - startMicros) / 1_000_000);
  metrics.duplicates({ source: "http" }).add(scored.filter(({ repeated }) => repeated).length);
  return scored.map(({ json, repeated }) => `{"status":200,"repeated":${repeated},"answer":${json}}`);
}

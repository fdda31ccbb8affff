import type { BaseTransaction } from "@tollgate/contracts";
import { scoringLimits } from "@tollgate/scoring";
import { chosenModel } from "../../chosen-model.ts";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import { faultsAt } from "../../problem.ts";
import type { Answer } from "../../http/end-response.ts";
import type { Exchange, Route } from "../../route.ts";
import { isLines, linesAnswer } from "./score-lines.ts";
import { refused, scoreChunk, type BatchResult, type ScoreBatchRouteOptions } from "./score-chunk.ts";

interface BatchItem<T> {
  readonly index: number;
  readonly transaction: T;
}

/**
 * `POST /v1/score/batch`: answers in order; one bad transaction does not spoil the others. A list is answered
 * whole, lines (NDJSON) are answered while they arrive.
 */
export function scoreBatchRoute<T extends BaseTransaction>(options: ScoreBatchRouteOptions<T>): Route {
  const streams = { open: 0 };
  return {
    method: "POST",
    path: "/v1/score/batch",
    access: "score",
    cost: "items",
    traced: true,
    handle: async (exchange) =>
      isLines(exchange.request.headers)
        ? linesAnswer(options, streams, exchange)
        : listAnswer(options, exchange),
  };
}

async function listAnswer<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  exchange: Exchange,
): Promise<Answer> {
  const { schema, clock } = options;
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
    else {
      const faults = faultsAt(`${prefix}/${index}`, parsed.faults);
      results[index] = refused(options, new ApiError("INVALID_TRANSACTION", { faults }));
    }
  }
  // One after the other: a transaction counts for those that come after it in the batch.
  for (let start = 0; start < items.length; start += scoringLimits.batchTransactions) {
    const chunk = items.slice(start, start + scoringLimits.batchTransactions);
    const transactions = chunk.map(({ transaction }) => transaction);
    const { trace } = exchange;
    const scored = await scoreChunk(options, transactions, { exchange, deadline, predictor, trace });
    for (const [position, { index }] of chunk.entries()) {
      const result = scored[position];
      if (result !== undefined) results[index] = result;
    }
  }
  const body = `{"results":[${results.map((result) => `{${result}}`).join(",")}]}`;
  return { status: 200, contentType: "application/json", body };
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

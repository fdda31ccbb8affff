import type { BaseTransaction } from "@tollgate/contracts";
import type { Deadline, Logger } from "@tollgate/runtime";
import { ScoringError, type Outcome, type Predictor } from "@tollgate/scoring";
import type { Trace } from "@tollgate/telemetry";
import { ClientGone } from "../../http/read-body.ts";
import { apiErrorOf, problemOf } from "../../problem.ts";
import type { Exchange } from "../../route.ts";
import type { ScoreRouteOptions } from "../score/score-route.ts";

/**
 * What became of one transaction, as fields of a JSON object: `status`, and `repeated` and `answer` or
 * `problem`.
 */
export type BatchResult = string;

export type ScoreBatchRouteOptions<T extends BaseTransaction> = Omit<ScoreRouteOptions<T>, "deadlineMs"> & {
  readonly logger: Logger;
};

export interface BatchCall {
  readonly exchange: Pick<Exchange, "isGone" | "requestId" | "trace">;
  readonly deadline: Deadline;
  readonly predictor: Predictor | undefined;
  /** Where the steps are noted. */
  readonly trace: Trace | undefined;
}

/** Scores transactions that passed validation, at most as many as go in one call. @throws ClientGone */
export async function scoreChunk<T extends BaseTransaction>(
  options: ScoreBatchRouteOptions<T>,
  transactions: readonly T[],
  { exchange, deadline, predictor, trace }: BatchCall,
): Promise<readonly BatchResult[]> {
  const { scorer, clock, telemetry, logger } = options;
  const { isGone } = exchange;
  const startMicros = clock.monotonicMicros();
  let outcomes: readonly Outcome[];
  try {
    const source = "http" as const;
    const requests = transactions.map((transaction) => ({ transaction, source, isGone, trace, predictor }));
    outcomes = await scorer(requests, deadline);
  } catch (error) {
    // Nobody reads the answer: the rest of the batch is left.
    if (isGone()) throw new ClientGone("the client left before its batch was scored");
    if (apiErrorOf(error).code === "INTERNAL") {
      const about = { requestId: exchange.requestId, traceId: exchange.trace?.traceId };
      logger.error("batch-failed", { ...about, message: String(error), transactions: transactions.length });
    }
    return transactions.map(() => refused(options, error));
  }
  const { metrics } = telemetry;
  metrics.scoreDuration({ source: "http" }).observe((clock.monotonicMicros() - startMicros) / 1_000_000);
  return outcomes.map((outcome) => {
    if (outcome instanceof ScoringError) return refused(options, outcome);
    const { json, repeated } = outcome;
    if (repeated) metrics.duplicates({ source: "http" }).add();
    return `"status":200,"repeated":${repeated},"answer":${json}`;
  });
}

/** Why there is no decision. */
export function refused<T extends BaseTransaction>(
  options: Pick<ScoreBatchRouteOptions<T>, "telemetry">,
  error: unknown,
): BatchResult {
  const { code, details } = apiErrorOf(error);
  options.telemetry.metrics.rejected({ reason: code }).add();
  const problem = problemOf(code, details);
  return `"status":${problem.status},"problem":${JSON.stringify(problem)}`;
}

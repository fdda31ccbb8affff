import type { BaseTransaction } from "@tollgate/contracts";
import type { TransactionSchema } from "@tollgate/engagement";
import type { Clock, Logger } from "@tollgate/runtime";
import { ScoringError, type Scored } from "@tollgate/scoring";
import type { Telemetry } from "@tollgate/telemetry";
import { chosenModel } from "../../chosen-model.ts";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import type { ModelChoice, Scorer } from "../../ports.ts";
import type { Exchange, Route } from "../../route.ts";

export interface ScoreRouteOptions<T extends BaseTransaction> {
  readonly schema: TransactionSchema<T>;
  readonly scorer: Scorer<T>;
  readonly models: ModelChoice;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly deadlineMs: number;
}

/** `POST /v1/score`: one transaction in, its decision out. A "no" is a 200. */
export function scoreRoute<T extends BaseTransaction>(options: ScoreRouteOptions<T>): Route {
  const { schema, scorer, clock, deadlineMs } = options;
  const duration = options.telemetry.metrics.scoreDuration({ source: "http" });
  const duplicates = options.telemetry.metrics.duplicates({ source: "http" });
  return {
    method: "POST",
    path: "/v1/score",
    access: "score",
    cost: "one",
    traced: true,
    async handle(exchange) {
      const deadline = deadlineOf(exchange, clock, deadlineMs);
      const predictor = chosenModel(exchange, options.models)?.predictor;
      const input = await exchange.readJson(apiLimits.transactionBodyBytes);
      const { trace } = exchange;
      const parseMicros = trace === undefined ? 0 : clock.monotonicMicros();
      const parsed = schema.parse(input, clock.nowMs());
      if (!parsed.ok) throw new ApiError("INVALID_TRANSACTION", { faults: parsed.faults });
      const startMicros = clock.monotonicMicros();
      trace?.step("validate", { startMicros: parseMicros, endMicros: startMicros });
      exchange.transactionId = parsed.value.id;
      const [scored] = await scorer(
        [{ transaction: parsed.value, source: "http", isGone: exchange.isGone, trace, predictor }],
        deadline,
      );
      if (scored === undefined) throw new Error("the scorer gave no answer");
      if (scored instanceof ScoringError) throw scored;
      const micros = clock.monotonicMicros() - startMicros;
      duration.observe(micros / 1_000_000, trace?.keptId);
      if (options.logger.debugging) logDecided(options.logger, exchange, { ...scored, micros });
      const answer = { status: 200, contentType: "application/json", body: scored.json };
      if (!scored.repeated) return answer;
      duplicates.add();
      return { ...answer, headers: repeated };
    },
  };
}

const repeated = { "Tollgate-Repeated": "true" };

function logDecided(
  logger: Logger,
  { requestId, transactionId, trace }: Exchange,
  { answer, repeated: isRepeated, micros }: Scored & { readonly micros: number },
): void {
  const about = { requestId, transactionId, traceId: trace?.traceId };
  const { decision: outcome, rung } = answer;
  logger.debug("transaction-decided", { ...about, outcome, rung, repeated: isRepeated, micros });
}

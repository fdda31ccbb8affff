import type { BaseTransaction } from "@tollgate/contracts";
import type { TransactionSchema } from "@tollgate/engagement";
import type { Clock } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import { deadlineOf } from "../../deadline-of.ts";
import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import type { Scorer } from "../../ports.ts";
import type { Route } from "../../route.ts";

export interface ScoreRouteOptions<T extends BaseTransaction> {
  readonly schema: TransactionSchema<T>;
  readonly scorer: Scorer<T>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
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
    async handle(exchange) {
      const deadline = deadlineOf(exchange, clock, deadlineMs);
      const input = await exchange.readJson(apiLimits.transactionBodyBytes);
      const parsed = schema.parse(input, clock.nowMs());
      if (!parsed.ok) throw new ApiError("INVALID_TRANSACTION", { faults: parsed.faults });
      const startMicros = clock.monotonicMicros();
      const [scored] = await scorer([{ transaction: parsed.value, source: "http" }], deadline);
      if (scored === undefined) throw new Error("the scorer gave no answer");
      duration.observe((clock.monotonicMicros() - startMicros) / 1_000_000);
      const answer = { status: 200, contentType: "application/json", body: JSON.stringify(scored.answer) };
      if (!scored.repeated) return answer;
      duplicates.add();
      return { ...answer, headers: repeated };
    },
  };
}

const repeated = { "Tollgate-Repeated": "true" };

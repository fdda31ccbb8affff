import { transactionIdPattern } from "@tollgate/contracts";
import { LedgerNotStarted } from "@tollgate/ledger-store";
import type { Logger } from "@tollgate/runtime";
import { ApiError } from "../../errors.ts";
import type { Answer } from "../../http/end-response.ts";
import { apiLimits } from "../../limits.ts";
import type { DecisionReader, SubmissionReader } from "../../ports.ts";
import type { Route } from "../../route.ts";

export interface DecisionRouteOptions {
  readonly reader: DecisionReader;
  readonly submissions: SubmissionReader;
  readonly logger: Logger;
}

/**
 * `GET /v1/decisions/{transactionId}`: the first decision on a transaction, whoever sent it; 202 while one
 * that was handed in is not decided.
 */
export function decisionRoute(options: DecisionRouteOptions): Route {
  const { reader, submissions, logger } = options;
  return {
    method: "GET",
    path: "/v1/decisions/{transactionId}",
    access: "decisions:read",
    cost: "one",
    async handle({ parameters }) {
      const transactionId = parameters["transactionId"] ?? "";
      if (!transactionIdPattern.test(transactionId)) throw new ApiError("INVALID_TRANSACTION_ID");
      const answer = await lookUp(logger, () => reader.findDecision(transactionId));
      if (answer !== null) return json(200, answer);
      const submission = await lookUp(logger, () => submissions.find(transactionId));
      if (submission === null) throw new ApiError("DECISION_NOT_FOUND");
      if (submission.state === "rejected") {
        const { reason, faults } = submission;
        throw new ApiError("SUBMISSION_REJECTED", { detail: `The reason was ${reason}.`, faults });
      }
      const pending = json(202, { transactionId, state: "pending" });
      return { ...pending, headers: { "Retry-After": String(apiLimits.retryAfterSeconds) } };
    },
  };
}

async function lookUp<R>(logger: Logger, find: () => Promise<R>): Promise<R> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof LedgerNotStarted) throw new ApiError("LEDGER_NOT_STARTED");
    logger.warn("decision-not-looked-up", { message: String(error) });
    throw new ApiError("DECISIONS_UNAVAILABLE");
  }
}

function json(status: number, value: object): Answer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

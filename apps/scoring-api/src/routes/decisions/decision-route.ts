import { transactionIdPattern } from "@tollgate/contracts";
import type { Logger } from "@tollgate/runtime";
import { ApiError } from "../../errors.ts";
import type { DecisionReader } from "../../ports.ts";
import type { Route } from "../../route.ts";

/** `GET /v1/decisions/{transactionId}`: the first decision on a transaction, whoever sent it. */
export function decisionRoute(options: { readonly reader: DecisionReader; readonly logger: Logger }): Route {
  return {
    method: "GET",
    path: "/v1/decisions/{transactionId}",
    access: "decisions:read",
    cost: "one",
    async handle({ parameters }) {
      const transactionId = parameters["transactionId"] ?? "";
      if (!transactionIdPattern.test(transactionId)) throw new ApiError("INVALID_TRANSACTION_ID");
      const answer = await find(options, transactionId);
      if (answer === null) throw new ApiError("DECISION_NOT_FOUND");
      return { status: 200, contentType: "application/json", body: JSON.stringify(answer) };
    },
  };
}

async function find(
  options: { readonly reader: DecisionReader; readonly logger: Logger },
  transactionId: string,
): ReturnType<DecisionReader["findDecision"]> {
  try {
    return await options.reader.findDecision(transactionId);
  } catch (error) {
    options.logger.warn("decision-not-looked-up", { message: String(error) });
    throw new ApiError("DECISIONS_UNAVAILABLE");
  }
}

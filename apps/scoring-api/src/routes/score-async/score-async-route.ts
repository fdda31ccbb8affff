import type { BaseTransaction } from "@tollgate/contracts";
import type { TransactionSchema } from "@tollgate/engagement";
import { allowsWebhook, type Clock, type Logger, type WebhookTargets } from "@tollgate/runtime";
import { ScoringError } from "@tollgate/scoring";
import { chosenModel } from "../../chosen-model.ts";
import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import type { ModelChoice, SubmissionSink } from "../../ports.ts";
import type { Exchange, Route } from "../../route.ts";

export interface ScoreAsyncRouteOptions<T extends BaseTransaction> {
  readonly schema: TransactionSchema<T>;
  readonly submissionSink: SubmissionSink<T>;
  readonly models: ModelChoice;
  readonly webhookTargets: WebhookTargets;
  readonly clock: Clock;
  readonly logger: Logger;
}

const webhookHeader = "tollgate-webhook";

/**
 * `POST /v1/score/async`: one transaction in, its decision later, at the address in `Location` and, where one
 * was named, by webhook. 202 says that Kafka has it: it will be decided, whatever becomes of this process.
 */
export function scoreAsyncRoute<T extends BaseTransaction>(options: ScoreAsyncRouteOptions<T>): Route {
  const { schema, submissionSink, clock, logger } = options;
  return {
    method: "POST",
    path: "/v1/score/async",
    access: "score",
    cost: "one",
    async handle(exchange) {
      const chosen = chosenModel(exchange, options.models);
      const webhook = webhookOf(exchange, options.webhookTargets);
      const parsed = schema.parse(await exchange.readJson(apiLimits.transactionBodyBytes), clock.nowMs());
      if (!parsed.ok) throw new ApiError("INVALID_TRANSACTION", { faults: parsed.faults });
      const transaction = parsed.value;
      exchange.transactionId = transaction.id;
      try {
        await submissionSink.submit({ transaction, model: chosen?.reference, webhook });
      } catch (error) {
        if (error instanceof ScoringError) throw error;
        logger.warn("submission-not-recorded", { requestId: exchange.requestId, message: String(error) });
        throw new ApiError("SUBMISSION_NOT_RECORDED");
      }
      return {
        status: 202,
        contentType: "application/json",
        body: JSON.stringify({ transactionId: transaction.id, state: "pending" }),
        headers: { Location: `/v1/decisions/${transaction.id}` },
      };
    },
  };
}

function webhookOf({ request }: Exchange, targets: WebhookTargets): string | undefined {
  const url = request.headers[webhookHeader];
  if (url === undefined) return undefined;
  if (typeof url === "string" && allowsWebhook(targets, url)) return url;
  throw new ApiError("WEBHOOK_NOT_ALLOWED");
}

import { transactionHeaders, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { JsonProducer } from "@tollgate/event-log";
import { isOfAnotherKey, type FeatureStore, type SubmissionBook } from "@tollgate/feature-store";
import { within, type Logger } from "@tollgate/runtime";
import { ScoringError } from "@tollgate/scoring";
import { apiLimits } from "./limits.ts";
import type { SubmissionSink } from "./ports.ts";

/** Puts transactions on the topic that the consumer scores from, and notes that they wait. */
export function kafkaSubmissionSink(parts: {
  readonly engagement: Pick<CompiledEngagement<BaseTransaction>, "engagement" | "partitionEntity">;
  readonly producer: Pick<JsonProducer, "send">;
  readonly store: Pick<FeatureStore<BaseTransaction>, "readDecisions">;
  readonly submissions: SubmissionBook;
  readonly logger: Logger;
}): SubmissionSink<BaseTransaction> {
  const { engagement, producer, store, submissions, logger } = parts;
  /** Redis only helps who asks: without it a transaction is taken all the same. Undefined then. */
  const ask = <R>(work: Promise<R>): Promise<R | undefined> =>
    within(work, apiLimits.submissionNoteMs, "noting a submission").catch((error: unknown) => {
      logger.warn("submissions-not-noted", { count: 1, message: String(error) });
      return undefined;
    });
  return {
    async submit({ transaction, model, webhook }) {
      const { id } = transaction;
      const key = engagement.partitionEntity.key(transaction);
      const [decided] = (await ask(store.readDecisions([id]))) ?? [];
      // At its address there is the decision of another card: better told now than dead-lettered.
      if (isOfAnotherKey(decided?.mark ?? null, key)) throw new ScoringError("TRANSACTION_ID_TAKEN");
      // Before Kafka has it: the consumer may be done, and have noted a rejection, before this goes on.
      const isFirst = await ask(submissions.begin(id));
      const message = {
        key,
        value: JSON.stringify(engagement.engagement.transaction.toWire(transaction)),
        headers: {
          [transactionHeaders.submission]: id,
          ...(model === undefined ? {} : { [transactionHeaders.model]: model }),
          ...(webhook === undefined ? {} : { [transactionHeaders.webhook]: webhook }),
        },
      };
      try {
        await producer.send([message], { timeoutMs: apiLimits.submissionTimeoutMs });
      } catch (error) {
        // The caller is told to send it again; that it may still arrive does no harm: an id counts once.
        if (isFirst === true) await ask(submissions.forget(id));
        throw error;
      }
    },
  };
}

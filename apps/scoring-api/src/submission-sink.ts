import { transactionHeaders, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { JsonProducer } from "@tollgate/event-log";
import type { SubmissionBook } from "@tollgate/feature-store";
import { within, type Logger } from "@tollgate/runtime";
import { apiLimits } from "./limits.ts";
import type { SubmissionSink } from "./ports.ts";

/** Puts transactions on the topic that the consumer scores from, and notes that they wait. */
export function kafkaSubmissionSink(parts: {
  readonly engagement: Pick<CompiledEngagement<BaseTransaction>, "engagement" | "partitionEntity">;
  readonly producer: Pick<JsonProducer, "send">;
  readonly submissions: SubmissionBook;
  readonly logger: Logger;
}): SubmissionSink<BaseTransaction> {
  const { engagement, producer, submissions, logger } = parts;
  /** The book only helps who asks: without Redis a transaction is taken all the same. */
  const note = async (work: Promise<void>): Promise<void> => {
    await within(work, apiLimits.submissionNoteMs, "noting a submission").catch((error: unknown) => {
      logger.warn("submissions-not-noted", { count: 1, message: String(error) });
    });
  };
  return {
    async submit({ transaction, model, webhook }) {
      const { id } = transaction;
      // Before Kafka has it: the consumer may be done, and have noted a rejection, before this goes on.
      await note(submissions.note([{ transactionId: id, submission: { state: "pending" } }]));
      const message = {
        key: engagement.partitionEntity.key(transaction),
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
        await note(submissions.forget(id));
        throw error;
      }
    },
  };
}

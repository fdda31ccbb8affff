import type { Submission } from "@tollgate/contracts";
import { redisKeys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import { redisLink } from "./redis-link.ts";
import type { RedisConnection } from "./redis-feature-store.ts";

/**
 * What became of transactions that were handed in by HTTP, until they are decided. It only serves to answer
 * who asks: the transaction itself is on Kafka, and nothing is lost with the book. Every method rejects while
 * Redis is away.
 */
export interface SubmissionBook {
  /** @returns null when nothing is known: it was never handed in, or a day ago. */
  find(transactionId: string): Promise<Submission | null>;
  note(entries: readonly SubmissionEntry[]): Promise<void>;
  forget(transactionId: string): Promise<void>;
}

export interface SubmissionEntry {
  readonly transactionId: string;
  readonly submission: Submission;
}

export function redisSubmissionBook(
  redis: RedisConnection,
  options: { readonly prefix: string },
): SubmissionBook {
  const link = redisLink(redis);
  const keys = redisKeys(options.prefix);
  return {
    async find(transactionId) {
      const [value = null] = await link.read([keys.submission(transactionId)]);
      return value === null ? null : (JSON.parse(value.toString()) as Submission);
    },
    async note(entries) {
      await link.run(
        entries.map(({ transactionId, submission }) => {
          const key = keys.submission(transactionId);
          const args = [key, JSON.stringify(submission), "EX", storeLimits.submissionSeconds];
          return { name: "set", key, args };
        }),
      );
    },
    async forget(transactionId) {
      const key = keys.submission(transactionId);
      await link.run([{ name: "unlink", key, args: [key] }]);
    },
  };
}

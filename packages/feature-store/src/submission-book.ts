import type { Rejection, Submission } from "@tollgate/contracts";
import { redisKeys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import { redisLink, type KeyedCommand } from "./redis-link.ts";
import type { RedisConnection } from "./redis-feature-store.ts";

/**
 * What became of transactions that were handed in by HTTP, until they are decided. It only serves to answer
 * who asks: the transaction itself is on Kafka, and nothing is lost with the book. Every method rejects while
 * Redis is away.
 */
export interface SubmissionBook {
  /** @returns null when nothing is known: it was never handed in, or a day ago. */
  find(transactionId: string): Promise<Submission | null>;
  /** Notes that it waits to be decided; true where it did not wait already. */
  begin(transactionId: string): Promise<boolean>;
  reject(entries: readonly RejectedSubmission[]): Promise<void>;
  forget(transactionId: string): Promise<void>;
}

export interface RejectedSubmission {
  readonly transactionId: string;
  readonly rejection: Rejection;
}

export function redisSubmissionBook(
  redis: RedisConnection,
  options: { readonly prefix: string },
): SubmissionBook {
  const link = redisLink(redis);
  const keys = redisKeys(options.prefix);
  const noteCommand = (transactionId: string, submission: Submission, ...more: string[]): KeyedCommand => {
    const key = keys.submission(transactionId);
    const args = [key, JSON.stringify(submission), "EX", storeLimits.submissionSeconds, ...more];
    return { name: "set", key, args };
  };
  return {
    async find(transactionId) {
      const [value = null] = await link.read([keys.submission(transactionId)]);
      return value === null ? null : (JSON.parse(value.toString()) as Submission);
    },
    async begin(transactionId) {
      const [before] = await link.run([noteCommand(transactionId, { state: "pending" }, "GET")]);
      return typeof before !== "string" || stateIn(before) !== "pending";
    },
    async reject(entries) {
      await link.run(
        entries.map(({ transactionId, rejection }) =>
          noteCommand(transactionId, { state: "rejected", ...rejection }),
        ),
      );
    },
    async forget(transactionId) {
      const key = keys.submission(transactionId);
      await link.run([{ name: "unlink", key, args: [key] }]);
    },
  };
}

function stateIn(noted: string): Submission["state"] {
  return (JSON.parse(noted) as Submission).state;
}

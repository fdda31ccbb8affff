import type { PoissonSlots } from "./poisson-arrivals.ts";

/** What a run does, computed by `npm run load` from the profile and the engagement's service levels. */
export interface LoadPlan {
  readonly profile: string;
  readonly url: string;
  /** Path of the transactions' file, a JSON array of {@link TransactionTemplate}. */
  readonly transactionsPath: string;
  /** Where the figures are written when the run ends. */
  readonly summaryPath: string;
  /** Begins every transaction's id. */
  readonly idPrefix: string;
  readonly transactionsPerRequest: number;
  /** Event time of the first transaction, and how far the file's times reach; then it begins again, later. */
  readonly firstOccurredAtMs: number;
  readonly spanMs: number;
  readonly requestTimeoutMs: number;
  /** Every so many requests the answer is read and noted, to be compared with what was recorded. */
  readonly noteEvery: number;
  /** Width of the report's steps in time. */
  readonly bucketSeconds: number;
  readonly phases: readonly LoadPhase[];
  /** k6's own thresholds: metric, with tags → conditions. */
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
}

/** A time with one rate: requests start when they are due, whatever became of those before. */
export interface LoadPhase {
  readonly name: string;
  /** `warm-up` is left out of every figure. */
  readonly kind: "warm-up" | "measured";
  readonly startSeconds: number;
  readonly seconds: number;
  /** Of Poisson arrivals the mean. */
  readonly requestsPerSecond: number;
  /** Arrivals as of many independent callers; undefined: evenly, one by one. */
  readonly poisson?: PoissonSlots;
  /** Number of this phase's first transaction; ids are unique over all phases. */
  readonly firstNumber: number;
  /**
   * Virtual users: as many requests, or slots of them, can be unanswered; one more is dropped, and counted
   * as failed.
   */
  readonly users: number;
  readonly usersMax: number;
}

/**
 * Milliseconds after the file's first transaction, then the JSON text before its id, before its time and
 * after it, with {@link templateSeparator} between. In a list of its own: k6 parses and freezes what it reads
 * at every use, a bare text character by character.
 */
export type TransactionTemplate = readonly [text: string];

/** Cannot stand in JSON unescaped. */
export const templateSeparator = "\n";

/**
 * Metrics of the script's own: time of each request, whose count is that of the requests, and transactions
 * that were not accepted. What was accepted is the difference: each metric costs k6 at every request.
 */
export const answerMetric = "answer_ms";
export const failedMetric = "transactions_failed";

/** Statistics of a trend that the summary holds, in k6's words. */
export const trendStatistics: readonly string[] = ["count", "med", "p(95)", "p(99)", "p(99.9)", "max"];

/** Why a transaction was not accepted: `timeout` is no answer at all. */
export const failureReasons: readonly string[] = [
  "timeout",
  "400",
  "401",
  "413",
  "429",
  "500",
  "503",
  "other",
];

/** Lines of k6's log that the runner reads. */
export const notes = { began: "began", refused: "refused", answered: "answered" } as const;

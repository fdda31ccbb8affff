/** What k6 does in `npm run load:peers`. */
export interface PeerPlan {
  readonly url: string;
  /** A line is a transaction's JSON before its id, a tab, and the JSON after it. */
  readonly bodiesPath: string;
  /** Where the figures are written when the run ends. */
  readonly summaryPath: string;
  /** Begins every transaction's id. */
  readonly idPrefix: string;
  /** Each sends again when it has its answer. */
  readonly users: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly requestTimeoutMs: number;
}

/** Name of the scenario whose figures count. */
export const measuredScenario = "measured";

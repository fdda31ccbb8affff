/** Named limits of a Grafana that is started here. */
export const grafanaLimits = {
  /** The demo waits a minute for its dashboards; a Grafana that takes longer is replaced by the page. */
  readyMs: 40_000,
  lookMs: 250,
  answerMs: 1_000,
  /** The end of what it said, shown when it does not start. */
  saidBytes: 2_000,
} as const;

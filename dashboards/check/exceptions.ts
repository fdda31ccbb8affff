/** A query that has no data in a healthy demo, and why that is right. */
export interface Exception {
  readonly dashboard: string;
  readonly panel: string;
  /** The query's legend. */
  readonly query: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    dashboard: "tollgate-scoring",
    panel: "Refused input by code",
    query: "{{reason}}",
    reason:
      "a series for each code exists from the first refusal on, and the demo sends nothing that is refused",
  },
  {
    dashboard: "tollgate-models",
    panel: "Time to load and warm up",
    query: "p95",
    reason: "a version is loaded at the start, before Prometheus first looks, and the demo swaps none",
  },
  {
    dashboard: "tollgate-models",
    panel: "Labels that have come, a week on",
    query: "{{model}}@{{version}}",
    reason: "it needs eight days of event time, and the check's demo sees about four",
  },
];

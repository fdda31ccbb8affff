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
];

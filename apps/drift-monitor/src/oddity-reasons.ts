/** Why a record was not counted as what it should be; what each is: docs/drift-monitor.md. */
export const oddityReasons = [
  "decision-unreadable",
  "labelled-unreadable",
  "label-unreadable",
  "log-gap",
  "decision-repeated",
  "labelled-repeated",
  "vector-absent",
  "vector-undecodable",
  "vector-wrong-length",
  "vector-other-feature-set",
  "model-without-reference",
  "no-model",
  "decision-future",
  "decision-too-late",
  "decision-bad-time",
  "label-future",
  "label-too-late",
  "label-bad-time",
  "labelled-without-decision",
  "label-of-unreferenced-model",
] as const;

export type OddityReason = (typeof oddityReasons)[number];

import type { EvaluationSummary } from "./evaluation-summary.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** What both forms of a model card say in words. */
export interface ModelConsiderations {
  readonly useCases: readonly string[];
  readonly limitations: readonly string[];
  readonly tradeoffs: readonly string[];
}

/** Only what follows from the manifest and the evaluation; nothing is claimed that was not looked at. */
export function considerationsOf(
  manifest: ModelManifest,
  evaluation: EvaluationSummary | undefined,
): ModelConsiderations {
  const { thresholds, trainedOn } = manifest;
  const simulated = trainedOn["source"] === "simulation";
  const limitations = [
    "A score means something only for vectors of the manifest's feature fingerprints; others are refused.",
    ...(simulated
      ? ["Trained and judged on simulated transactions: its figures say nothing of real ones."]
      : []),
    ...(evaluation === undefined
      ? ["No evaluation is part of this version; the metrics are the manifest's."]
      : []),
    ...(evaluation?.notes ?? []),
  ];
  return {
    useCases: [
      "Score a transaction with the probability that it is fraud, beside rules that may be stricter.",
      "Not meant to judge people: a score is of one transaction and the states of its entities.",
    ],
    limitations,
    tradeoffs: [
      `From ${thresholds.review} a transaction is reviewed, from ${thresholds.decline} declined: a lower ` +
        "threshold finds more fraud and stops more honest customers.",
    ],
  };
}

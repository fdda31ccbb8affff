import type { EvaluationSummary, ScorerSummary } from "./evaluation-summary.ts";
import { considerationsOf } from "./model-considerations.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** Features shown by importance; the manifest names all. */
const featuresShown = 12;

/** The model card for people. */
export function markdownModelCard(
  manifest: ModelManifest,
  evaluation: EvaluationSummary | undefined,
): string {
  const { name, version, thresholds } = manifest;
  const { useCases, limitations, tradeoffs } = considerationsOf(manifest, evaluation);
  return [
    `# Model card: ${name}@v${version}`,
    "",
    ...table(["what", "value"], factsOf(manifest)),
    "",
    "## Use",
    "",
    ...bullets(useCases),
    "",
    "## Figures",
    "",
    ...figuresOf(manifest, evaluation),
    "",
    "## Thresholds",
    "",
    `Review from ${thresholds.review}, decline from ${thresholds.decline}.`,
    "",
    ...bullets(tradeoffs),
    "",
    "## Limits",
    "",
    ...bullets(limitations),
    "",
    "## Made from",
    "",
    ...table(["what", "value"], originOf(manifest)),
    "",
    ...importanceOf(evaluation),
  ].join("\n");
}

function factsOf(manifest: ModelManifest): readonly (readonly string[])[] {
  return [
    ["model", `${manifest.name}, version ${manifest.version}`],
    ["file", `${manifest.file}, sha256 \`${manifest.sha256}\``],
    ["feature set", `\`${manifest.featureSet}\`, ${manifest.features.length} features`],
    ...sequenceOf(manifest),
    ["input", `float32 [rows, ${manifest.input.size}]`],
    ["output", "float32 [rows, 1]: the probability of fraud"],
    ["trained at", manifest.trainedAt],
    ["golden rows", `${manifest.goldenRows.length}: checked before it serves`],
  ];
}

function sequenceOf({ sequence }: ModelManifest): readonly (readonly string[])[] {
  if (sequence === undefined) return [];
  const { name, slots, channels } = sequence;
  return [["sequence", `\`${name}\`: the latest ${slots}, of each ${channels.join(", ")}`]];
}

function figuresOf(manifest: ModelManifest, evaluation: EvaluationSummary | undefined): readonly string[] {
  if (evaluation === undefined) {
    const rows = Object.entries(manifest.metrics).flatMap(([name, value]) =>
      typeof value === "number"
        ? [[name, shown(value)]]
        : Object.entries(value).map(([slice, part]) => [`${name}: ${slice}`, shown(part)]),
    );
    return table(["metric", "value"], rows);
  }
  const share = evaluation.alertBudgetShare;
  const budget = share === undefined ? "" : ` (${shown(share * 100)} % of the transactions)`;
  const columns = [
    "scorer",
    "average precision",
    "AUC-ROC",
    "recall",
    "precision",
    "value found",
    "cost / 1,000",
  ];
  return [
    `Judged on ${Object.entries(evaluation.window ?? {})
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}. Recall, precision and value found are at the alert budget${budget}.`,
    "",
    ...table(
      columns,
      Object.entries(evaluation.scorers).map(([name, scorer]) => [name, ...scorerCells(scorer)]),
    ),
  ];
}

function scorerCells(scorer: ScorerSummary): readonly string[] {
  const { averagePrecision, averagePrecisionInterval, aucRoc, atAlertBudget, costPerThousand } = scorer;
  const [low, high] = averagePrecisionInterval ?? [];
  const interval = low === undefined || high === undefined ? "" : ` [${shown(low)}, ${shown(high)}]`;
  return [
    `${shown(averagePrecision)}${interval}`,
    shown(aucRoc),
    shown(atAlertBudget?.recall),
    shown(atAlertBudget?.precision),
    shown(atAlertBudget?.valueDetectionRate),
    shown(costPerThousand),
  ];
}

function originOf(manifest: ModelManifest): readonly (readonly string[])[] {
  const trainedOn = Object.entries(manifest.trainedOn).map(([name, value]) => [name, String(value)]);
  const { provenance } = manifest;
  if (provenance === undefined) return [...trainedOn, ["digests", "not recorded when it was trained"]];
  const { trainingData, code, environment, configuration } = provenance;
  const changed = code.changed ? ", with changes that were not committed" : "";
  return [
    ...trainedOn,
    ["training rows", `${trainingData.rows}, sha256 \`${trainingData.sha256}\``],
    ["training code", `commit \`${code.commit ?? "unknown"}\`${changed}`],
    ["feature code", `sha256 \`${code.featureCode}\``],
    ["environment", `Python lock sha256 \`${environment.lock}\`, Node ${environment.node}`],
    ...Object.entries(configuration).map(([name, value]) => [`configured ${name}`, String(value)]),
  ];
}

function importanceOf(evaluation: EvaluationSummary | undefined): readonly string[] {
  const importance = Object.entries(evaluation?.importance ?? {});
  if (importance.length === 0) return [];
  const rows = importance
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, featuresShown)
    .map(([feature, share]) => [`\`${feature}\``, shown(share)]);
  return ["## What weighs most", "", ...table(["feature", "importance"], rows), ""];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), `|${"---|".repeat(header.length)}`, ...rows.map(line)];
}

function bullets(texts: readonly string[]): readonly string[] {
  return texts.map((text) => `- ${text}`);
}

function shown(value: number | undefined): string {
  if (value === undefined) return "–";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

import type { JsonValue } from "./canonical-json.ts";
import type { EvaluationSummary } from "./evaluation-summary.ts";
import { considerationsOf } from "./model-considerations.ts";
import type { ModelManifest } from "./model-manifest.ts";
import { sha256Hex } from "./sha256-hex.ts";

interface PerformanceMetric {
  readonly type: string;
  readonly value: string;
  readonly slice?: string;
  readonly confidenceInterval?: { readonly lowerBound: string; readonly upperBound: string };
}

/** A bill of materials with one component, the model, and its card (CycloneDX 1.6). */
export function cycloneDxModelCard(
  manifest: ModelManifest,
  evaluation: EvaluationSummary | undefined,
): JsonValue {
  const { name, version, sha256 } = manifest;
  const reference = `${name}@v${version}`;
  const component = {
    type: "machine-learning-model",
    "bom-ref": reference,
    name,
    version: `v${version}`,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    modelCard: {
      modelParameters: parametersOf(manifest),
      quantitativeAnalysis: {
        performanceMetrics: metricsOf(manifest, evaluation).map((metric) => ({ ...metric })),
      },
      considerations: {
        useCases: considerationsOf(manifest, evaluation).useCases,
        technicalLimitations: considerationsOf(manifest, evaluation).limitations,
        performanceTradeoffs: considerationsOf(manifest, evaluation).tradeoffs,
      },
    },
    properties: propertiesOf("tollgate:provenance", flattened(manifest.provenance ?? {})),
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumberOf(`${reference} ${sha256}`),
    version: 1,
    metadata: { timestamp: new Date(manifest.trainedAt).toISOString() },
    components: [component],
  };
}

function parametersOf(manifest: ModelManifest): JsonValue {
  const { trainedOn, input } = manifest;
  const source = String(trainedOn["source"] ?? "training data");
  return {
    approach: { type: "supervised" },
    task: "binary classification: probability that a transaction is fraud",
    ...architectureOf(trainedOn),
    datasets: [
      {
        type: "dataset",
        name: source,
        contents: { properties: propertiesOf("tollgate:trainedOn", trainedOn) },
      },
    ],
    inputs: [{ format: `float32 [rows, ${input.size}]` }],
    outputs: [{ format: "float32 [rows, 1], probability" }],
  };
}

function architectureOf(trainedOn: ModelManifest["trainedOn"]): { architectureFamily?: string } {
  if (trainedOn["kind"] === "neural") return { architectureFamily: "attention over recent transactions" };
  return "trees" in trainedOn ? { architectureFamily: "gradient-boosted decision trees" } : {};
}

function metricsOf(
  manifest: ModelManifest,
  evaluation: EvaluationSummary | undefined,
): readonly PerformanceMetric[] {
  const own = Object.entries(manifest.metrics).flatMap(([type, value]) =>
    typeof value === "number"
      ? [{ type, value: String(value) }]
      : Object.entries(value).map(([slice, part]) => ({ type, value: String(part), slice })),
  );
  const judged = Object.entries(evaluation?.scorers ?? {}).flatMap(([slice, scorer]) => [
    ...withInterval("averagePrecision", slice, scorer.averagePrecision, scorer.averagePrecisionInterval),
    ...withInterval("aucRoc", slice, scorer.aucRoc, scorer.aucRocInterval),
    ...withInterval("recallAtAlertBudget", slice, scorer.atAlertBudget?.recall, undefined),
    ...withInterval("precisionAtAlertBudget", slice, scorer.atAlertBudget?.precision, undefined),
    ...withInterval("costPerThousand", slice, scorer.costPerThousand, undefined),
  ]);
  return [...own, ...judged];
}

function withInterval(
  type: string,
  slice: string,
  value: number | undefined,
  interval: readonly [number, number] | undefined,
): readonly PerformanceMetric[] {
  if (value === undefined) return [];
  const metric = { type, value: String(value), slice: `scorer: ${slice}` };
  if (interval === undefined) return [metric];
  const [lowerBound, upperBound] = interval.map(String);
  if (lowerBound === undefined || upperBound === undefined) return [metric];
  return [{ ...metric, confidenceInterval: { lowerBound, upperBound } }];
}

function propertiesOf(prefix: string, values: object): readonly { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name: `${prefix}:${name}`, value: String(value) }));
}

/** `{code: {commit}}` as `code.commit`. */
function flattened(values: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, part]) => [`${name}.${key}`, part] as const)
        : [[name, value] as const],
    ),
  );
}

/** The same model has the same number: a UUID of version 8 from the digest. */
function serialNumberOf(identity: string): string {
  const hex = sha256Hex(identity);
  const variant = ((Number.parseInt(hex.charAt(16), 16) % 4) + 8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return `urn:uuid:${parts.join("-")}-${hex.slice(20, 32)}`;
}

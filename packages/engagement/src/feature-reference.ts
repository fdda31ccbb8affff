import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureDescription, SequenceReference } from "@tollgate/features";
import type { CompiledEngagement } from "./compile-engagement.ts";

/** Features with their definition: a compiled engagement, or a set beside one. */
export interface DefinedFeatures<T extends BaseTransaction> {
  readonly engagement: Pick<CompiledEngagement<T>["engagement"], "name" | "featureSet">;
  readonly featureSet: CompiledEngagement<T>["featureSet"];
}

/** The reference page of an engagement's features, in Markdown: what each means, and what its states cost. */
export function featureReference<T extends BaseTransaction>(
  { engagement, featureSet }: DefinedFeatures<T>,
  title = `Features of the engagement \`${engagement.name}\``,
): string {
  const entities = engagement.featureSet.entities.map((entity) => {
    const layout = featureSet.entities.find(({ name }) => name === entity.name)?.layout;
    const { name, version, consistency, description, recentCapacity, retentionDays } = entity;
    return [
      `${name}@v${version}`,
      description,
      consistency,
      recentCapacity,
      `${retentionDays} d`,
      layout?.byteLength ?? 0,
    ];
  });
  return [
    `# ${title}`,
    "",
    `Made from the engagement's definition: ${featureSet.size} features, all float32, in the order of the`,
    `vector. Feature set \`${featureSet.hash}\`.`,
    "A test compares this page; `npx vitest run --project unit -u` writes it anew.",
    "",
    ...table(["entity", "what it is", "consistency", "ring", "retention", "bytes"], entities),
    "",
    ...table(
      ["", "feature", "meaning", "unit", "window", "range", "missing", "fingerprint"],
      featureSet.features.map(featureRow),
    ),
    "",
    ...sequenceLines(featureSet.sequence),
  ].join("\n");
}

function sequenceLines(sequence: SequenceReference | undefined): readonly string[] {
  if (sequence === undefined) return [];
  const { name, fingerprint, slots, channels } = sequence;
  return [
    "## The sequence",
    "",
    `\`${name}\` (fingerprint \`${fingerprint}\`): the latest ${slots} transactions one by one, the`,
    `oldest first, of each \`${channels.join("`, `")}\`.`,
    "An empty slot holds -1 throughout. It is computed while a model is loaded that reads it, and is not",
    "part of the recorded vector.",
    "",
  ];
}

function featureRow(feature: FeatureDescription, position: number): readonly (string | number)[] {
  const { name, description, unit, window, delay, range, missingValue, fingerprint } = feature;
  const span = window === undefined ? "" : delay === undefined ? window : `${window}, ending ${delay} ago`;
  const missing = missingValue === "not-a-number" ? "not a number" : missingValue;
  const limits = `${range.min ?? "−∞"} … ${range.max ?? "∞"}`;
  return [position, `\`${name}\``, description, unit, span, limits, missing, `\`${fingerprint}\``];
}

function table(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): readonly string[] {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)];
}

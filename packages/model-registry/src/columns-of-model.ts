import { describeDifference, matchColumns, type FeatureReference } from "@tollgate/features";
import { ModelRegistryError } from "./errors.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** The vector that this process computes: its hash and what each column means, in order. */
export interface ServedFeatureSet {
  readonly hash: string;
  readonly features: readonly FeatureReference[];
}

/** Lines printed of a difference; the rest is counted. */
const linesShown = 8;

/**
 * Where the model's input columns lie in the vector that this process computes.
 * @throws FEATURE_SET_DIFFERS, with the difference, when one of them is not computed here, or means something
 * else: then its scores would be of other numbers than those it was trained on.
 */
export function columnsOfModel(manifest: ModelManifest, served: ServedFeatureSet): Int32Array {
  const match = matchColumns(manifest.features, served.features);
  if (match.accepted) return match.columns;
  const { missing, changed } = match.difference;
  const refused = new Set([...missing, ...changed]);
  const lines = describeDifference(
    manifest.features.filter(({ name }) => refused.has(name)),
    served.features.filter(({ name }) => refused.has(name)),
  );
  const rest = lines.length > linesShown ? [`and ${lines.length - linesShown} more`] : [];
  throw new ModelRegistryError(
    "FEATURE_SET_DIFFERS",
    `${manifest.name}@v${manifest.version} was trained on feature set ${manifest.featureSet}, this process ` +
      `computes ${served.hash}: ${[...lines.slice(0, linesShown), ...rest].join("; ")}`,
  );
}

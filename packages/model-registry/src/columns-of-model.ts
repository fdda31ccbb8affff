import {
  describeDifference,
  matchColumns,
  type FeatureReference,
  type SequenceReference,
} from "@tollgate/features";
import { ModelRegistryError } from "./errors.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** The vector that this process computes: its hash and what each column means, in order. */
export interface ServedFeatureSet {
  readonly hash: string;
  readonly features: readonly FeatureReference[];
  /** What lies behind the features, where it is asked for. */
  readonly sequence?: SequenceReference | undefined;
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
  const sequenceFault = faultOfSequence(manifest, served);
  if (match.accepted && sequenceFault === undefined) {
    return Int32Array.from([...match.columns, ...columnsOfSequence(manifest, served.features.length)]);
  }
  const lines = match.accepted ? [] : differenceOf(manifest, served, match.difference);
  const rest = lines.length > linesShown ? [`and ${lines.length - linesShown} more`] : [];
  const faults = [...lines.slice(0, linesShown), ...rest, ...(sequenceFault ?? [])];
  throw new ModelRegistryError(
    "FEATURE_SET_DIFFERS",
    `${manifest.name}@v${manifest.version} was trained on feature set ${manifest.featureSet}, this process ` +
      `computes ${served.hash}: ${faults.join("; ")}`,
  );
}

function differenceOf(
  manifest: ModelManifest,
  served: ServedFeatureSet,
  { missing, changed }: { readonly missing: readonly string[]; readonly changed: readonly string[] },
): readonly string[] {
  const refused = new Set([...missing, ...changed]);
  return describeDifference(
    manifest.features.filter(({ name }) => refused.has(name)),
    served.features.filter(({ name }) => refused.has(name)),
  );
}

/** All of it or none: its numbers lie one after the other behind the features. */
function columnsOfSequence({ sequence }: ModelManifest, features: number): readonly number[] {
  if (sequence === undefined) return [];
  return Array.from({ length: sequence.slots * sequence.channels.length }, (_, number) => features + number);
}

function faultOfSequence(
  { sequence: expected }: ModelManifest,
  { sequence: actual }: ServedFeatureSet,
): readonly string[] | undefined {
  if (expected === undefined) return undefined;
  if (actual === undefined) return [`${expected.name} is expected and no sequence is served`];
  if (expected.name === actual.name && expected.fingerprint === actual.fingerprint) return undefined;
  return describeDifference([expected], [actual]);
}

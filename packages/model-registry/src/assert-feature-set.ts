import { ModelRegistryError } from "./errors.ts";
import type { ModelManifest } from "./model-manifest.ts";

/** The layout that this process computes: its hash and the names of its columns, in order. */
export interface ServedFeatureSet {
  readonly hash: string;
  readonly names: readonly string[];
}

/** Names printed of each kind of difference; the rest is counted. */
const namesShown = 8;

/** Throws FEATURE_SET_DIFFERS, with the difference, when the model was trained on another layout. */
export function assertFeatureSet(manifest: ModelManifest, served: ServedFeatureSet): void {
  if (manifest.featureSet === served.hash && sameNames(manifest.features, served.names)) return;
  throw new ModelRegistryError(
    "FEATURE_SET_DIFFERS",
    `${manifest.name}@v${manifest.version} was trained on feature set ${manifest.featureSet}, ` +
      `this process computes ${served.hash}: ${differenceOf(manifest.features, served.names)}`,
  );
}

function sameNames(trained: readonly string[], served: readonly string[]): boolean {
  return trained.length === served.length && trained.every((name, index) => served[index] === name);
}

function differenceOf(trained: readonly string[], served: readonly string[]): string {
  const missing = trained.filter((name) => !served.includes(name));
  const extra = served.filter((name) => !trained.includes(name));
  const moved = trained.flatMap((name, index) => {
    const now = served.indexOf(name);
    return now < 0 || now === index ? [] : [`${name} (${index} → ${now})`];
  });
  const parts = [list("missing", missing), list("extra", extra), list("moved", moved)];
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "" ? "same features in the same order; a unit or the layout of a state differs" : text;
}

function list(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const rest = names.length > namesShown ? ` and ${names.length - namesShown} more` : "";
  return `${title}: ${names.slice(0, namesShown).join(", ")}${rest}`;
}

/** A column as a model's manifest names it: what it is called, and what it means. */
export interface FeatureReference {
  readonly name: string;
  readonly fingerprint: string;
}

/** How the features that are there differ from those that are expected. */
export interface FeatureDifference {
  /** Expected and not there. */
  readonly missing: readonly string[];
  /** There under the same name, with another meaning. */
  readonly changed: readonly string[];
  /** There and not expected: no fault, a model does not read them. */
  readonly added: readonly string[];
}

/** Where a model's columns lie in the vector, or why it cannot be served by it. */
export type ColumnMatch =
  | { readonly accepted: true; readonly columns: Int32Array }
  | { readonly accepted: false; readonly difference: FeatureDifference };

/** For each expected feature its position among the actual ones: same name and same meaning, in any order. */
export function matchColumns(
  expected: readonly FeatureReference[],
  actual: readonly FeatureReference[],
): ColumnMatch {
  const difference = differenceOf(expected, actual);
  if (difference.missing.length + difference.changed.length > 0) return { accepted: false, difference };
  const positions = new Map(actual.map(({ name }, position) => [name, position]));
  return { accepted: true, columns: Int32Array.from(expected, ({ name }) => positions.get(name) ?? -1) };
}

/** The difference in words, a line for each feature; empty where there is none. */
export function describeDifference(
  expected: readonly FeatureReference[],
  actual: readonly FeatureReference[],
): readonly string[] {
  const { missing, changed, added } = differenceOf(expected, actual);
  const before = new Map(expected.map((feature) => [feature.name, feature]));
  const now = new Map(actual.map((feature) => [feature.name, feature]));
  return [
    ...missing.map((name) => `${name} is expected and is not there`),
    ...changed.map(
      (name) => `${name} means something else now: ${whatChanged(before.get(name), now.get(name))}`,
    ),
    ...added.map((name) => `${name} is new`),
  ];
}

function differenceOf(
  expected: readonly FeatureReference[],
  actual: readonly FeatureReference[],
): FeatureDifference {
  const before = new Map(expected.map(({ name, fingerprint }) => [name, fingerprint]));
  const now = new Map(actual.map(({ name, fingerprint }) => [name, fingerprint]));
  const names = expected.map(({ name }) => name);
  return {
    missing: names.filter((name) => !now.has(name)),
    changed: names.filter((name) => now.has(name) && now.get(name) !== before.get(name)),
    added: actual.map(({ name }) => name).filter((name) => !before.has(name)),
  };
}

/** With full descriptions on both sides every property that differs is named; else the fingerprints are. */
function whatChanged(before: FeatureReference | undefined, now: FeatureReference | undefined): string {
  const properties = new Map(Object.entries(now ?? {}));
  const changes = Object.entries(before ?? {})
    .filter(([property]) => property !== "name" && property !== "fingerprint" && property !== "description")
    .filter(([property, value]) => properties.has(property) && !isSame(value, properties.get(property)))
    .map(([property, value]) => `${property} ${shown(value)} → ${shown(properties.get(property))}`);
  return changes.length > 0 ? changes.join(", ") : `${before?.fingerprint} → ${now?.fingerprint}`;
}

function isSame(first: unknown, second: unknown): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "none");
}

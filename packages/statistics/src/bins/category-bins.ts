import { assertWhole } from "../checks.ts";
import { StatisticsError } from "../errors.ts";

/** Bins of a categorical value, from a reference; plain JSON, part of a model's manifest. */
export interface CategoryBins {
  readonly kind: "categorical";
  /** Most frequent first. What is not among them is `unseen`. */
  readonly categories: readonly string[];
}

/**
 * One bin for each of the reference's `limit` most frequent categories, ties in code-point order. Rarer ones
 * count as unseen, in the reference as in every window.
 */
export function categoryBins(
  reference: Iterable<string>,
  { limit }: { readonly limit: number },
): CategoryBins {
  assertWhole(limit, 1, "limit");
  const counts = new Map<string, number>();
  for (const category of reference) counts.set(category, (counts.get(category) ?? 0) + 1);
  if (counts.size === 0) throw new StatisticsError("TOO_FEW_VALUES", "the reference has no category");
  const byFrequency = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { kind: "categorical", categories: byFrequency.slice(0, limit).map(([category]) => category) };
}

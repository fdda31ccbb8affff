import { driftLimits } from "./limits.ts";

/**
 * Text fields of a transaction that can be watched as categories: those of few distinct values in a sample of
 * some thousand transactions. Identifiers have many, and a time has one for each; in the sample's order of
 * fields.
 */
export function watchableAttributes(sample: Iterable<Readonly<Record<string, unknown>>>): readonly string[] {
  const values = new Map<string, Set<string>>();
  let size = 0;
  for (const transaction of sample) {
    size += 1;
    for (const [field, value] of Object.entries(transaction)) {
      if (typeof value !== "string") continue;
      const seen = values.get(field) ?? new Set();
      values.set(field, seen);
      if (seen.size <= driftLimits.categoriesOfField) seen.add(value);
    }
  }
  const most = Math.min(driftLimits.categoriesOfField, Math.floor(size / valuesForCategory));
  return [...values].filter(([, seen]) => seen.size <= most).map(([field]) => field);
}

/** A category comes at least so often on average, else the field is an identifier. */
const valuesForCategory = 10;

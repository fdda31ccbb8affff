import type { BaseTransaction } from "@tollgate/contracts";
import type { CategoryFeature } from "./definition.ts";
import { categoryOf, type EntityLayout } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import type { EvaluationParts } from "./evaluate-feature.ts";
import { checkedSpanMs } from "./span.ts";
import { filterBit, type TransactionReading } from "./transaction-reading.ts";

export interface ValueCollector {
  readonly values: Int32Array;
  /** Gathers the values of what counts in the window and returns how many; those without one are left out. */
  readonly collect: (reading: TransactionReading, state: EntityState | null) => number;
}

/** Collects a category's values of a window in the ring: of all transactions, or of those that count. */
export function valueCollector<T extends BaseTransaction>(
  feature: CategoryFeature<T>,
  { layout, totals }: EvaluationParts<T>,
): ValueCollector {
  const { ring } = layout;
  const row = categoryRow(feature, layout);
  const window: Window = {
    values: new Int32Array(ring.capacity + 1),
    row,
    includesCurrent: feature.includesCurrent,
    valuesAt: ring.records + ring.categoryWord + row,
    filterAt: ring.records + ring.filterWord,
    recordWords: ring.recordWords,
    mask: filterBit(layout.filters, feature.where),
    firstSlots: totals.firstSlots,
    age: totals.ageOf(checkedSpanMs(feature.window)),
  };
  return { values: window.values, collect: window.mask === 0 ? collectAll(window) : collectAccepted(window) };
}

/** The row of a feature's category among those that are remembered. */
export function categoryRow<T extends BaseTransaction>(
  feature: { readonly category: CategoryFeature<T>["category"] },
  layout: EntityLayout<T>,
): number {
  const wanted = categoryOf(feature.category).name;
  return layout.categories.findIndex(({ name }) => name === wanted);
}

interface Window {
  readonly values: Int32Array;
  readonly row: number;
  readonly includesCurrent: boolean;
  readonly valuesAt: number;
  readonly filterAt: number;
  readonly recordWords: number;
  readonly mask: number;
  readonly firstSlots: Int32Array;
  readonly age: number;
}

// The two below are alike and yet written out: the question of the filter slows a whole vector by 3 %.

function collectAll(window: Window): ValueCollector["collect"] {
  const { values, row, includesCurrent, valuesAt, recordWords, firstSlots, age } = window;
  return ({ categories }, state) => {
    const own = categories[row] ?? 0;
    let length = 0;
    if (includesCurrent && own !== 0) {
      values[0] = own;
      length = 1;
    }
    if (state === null) return length;
    const { int32 } = state;
    const end = firstSlots[0] ?? 0;
    for (let slot = firstSlots[age] ?? 0; slot < end; slot += 1) {
      const value = int32[valuesAt + slot * recordWords] ?? 0;
      if (value !== 0) {
        values[length] = value;
        length += 1;
      }
    }
    return length;
  };
}

function collectAccepted(window: Window): ValueCollector["collect"] {
  const { values, row, includesCurrent, valuesAt, filterAt, recordWords, mask, firstSlots, age } = window;
  return ({ categories, filterBits }, state) => {
    const own = categories[row] ?? 0;
    let length = 0;
    if (includesCurrent && own !== 0 && (filterBits & mask) === mask) {
      values[0] = own;
      length = 1;
    }
    if (state === null) return length;
    const { int32 } = state;
    const end = firstSlots[0] ?? 0;
    for (let slot = firstSlots[age] ?? 0; slot < end; slot += 1) {
      const record = slot * recordWords;
      if (((int32[filterAt + record] ?? 0) & mask) === 0) continue;
      const value = int32[valuesAt + record] ?? 0;
      if (value !== 0) {
        values[length] = value;
        length += 1;
      }
    }
    return length;
  };
}

import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "./compile-entity.ts";
import type { CategoryField, Filter, Measure } from "./definition.ts";
import { categoryOf } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import { ringLength } from "./ring.ts";
import { filterBit, inUnit, transactionReader, unitScale } from "./transaction-reading.ts";

/** What is read of each recent transaction, beside how many seconds ago it was. */
export interface RecentChannels<T extends BaseTransaction> {
  /** In their units. */
  readonly measures: readonly Measure<T>[];
  /** 1 where the filter accepted it, else 0. */
  readonly filters: readonly Filter<T>[];
  /** 1 where it had the value that the present transaction has, else 0. */
  readonly sameCategories: readonly CategoryField<T>[];
}

/** The entity's latest transactions as numbers: what a model reads that looks back over a sequence. */
export interface RecentReader<T extends BaseTransaction> {
  /** Transactions: the ring's capacity. */
  readonly slots: number;
  /** Numbers of each. */
  readonly channels: number;
  /**
   * Writes `slots * channels` numbers into `out` from `offset`, the oldest transaction first and the latest
   * last: seconds since, measures, filters, categories. A slot that nothing was in holds -1 throughout.
   */
  read(transaction: T, state: EntityState | null, out: Float32Array, offset: number): void;
}

/**
 * Reads the exact ring of an entity. Throws for what the entity does not remember: a measure, filter or
 * category is remembered when a feature of the entity uses it.
 */
export function recentReader<T extends BaseTransaction>(
  { name, layout }: CompiledEntity<T>,
  { measures, filters, sameCategories }: RecentChannels<T>,
): RecentReader<T> {
  const { ring } = layout;
  const rowIn = (known: readonly { readonly name: string }[], wanted: string): number => {
    const row = known.findIndex((item) => item.name === wanted);
    if (row < 0) throw new Error(`the entity ${name} remembers no ${wanted}: none of its features uses it`);
    return row;
  };
  const measured = measures.map((measure) => {
    return { word: ring.measureWord + rowIn(layout.measures, measure.name), scale: unitScale(measure) };
  });
  const bits = filters.map((filter) => {
    rowIn(layout.filters, filter.name);
    return filterBit(layout.filters, filter);
  });
  const rows = sameCategories.map((field) => rowIn(layout.categories, categoryOf(field).name));
  const readPresent = transactionReader(layout);
  const channels = 1 + measured.length + bits.length + rows.length;
  return {
    slots: ring.capacity,
    channels,
    read(transaction, state, out, offset) {
      out.fill(-1, offset, offset + ring.capacity * channels);
      if (state === null) return;
      const { atMs, categories } = readPresent(transaction);
      const length = ringLength(ring, state);
      let at = offset + (ring.capacity - length) * channels;
      for (let slot = 0; slot < length; slot += 1) {
        const record = ring.records + slot * ring.recordWords;
        const filterBits = state.int32[record + ring.filterWord] ?? 0;
        out[at++] = Math.max(0, atMs - (state.float64[ring.times + slot] ?? 0)) / 1000;
        for (const { word, scale } of measured) out[at++] = inUnit(scale, state.int32[record + word] ?? 0);
        for (const bit of bits) out[at++] = (filterBits & bit) === bit ? 1 : 0;
        for (const row of rows) {
          const value = state.int32[record + ring.categoryWord + row] ?? 0;
          out[at++] = value !== 0 && value === categories[row] ? 1 : 0;
        }
      }
    },
  };
}

import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "./compile-entity.ts";
import type { SequenceDefinition } from "./definition.ts";
import { categoryOf, type EntityLayout } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import { FeatureDefinitionError } from "./feature-definition-error.ts";
import { sequenceName } from "./feature-name.ts";
import { digest, fingerprintOfSequence } from "./fingerprint.ts";
import { ringLength } from "./ring.ts";
import { filterBit, inUnit, transactionReader, unitScale, type UnitScale } from "./transaction-reading.ts";

/** A sequence as a model's manifest names it. */
export interface SequenceReference {
  /** `card@v1:recent`. */
  readonly name: string;
  /** Identifies everything that gives its numbers a meaning. */
  readonly fingerprint: string;
  /** Transactions that it looks back: the ring's capacity. */
  readonly slots: number;
  /** What is read of each, in order. */
  readonly channels: readonly string[];
}

/** An entity's latest transactions as numbers. */
export interface CompiledSequence<T extends BaseTransaction> extends SequenceReference {
  /** Numbers: of each slot its channels. */
  readonly size: number;
  /** Identifies a vector that has the sequence behind its features. */
  readonly vectorHash: string;
  /**
   * Writes `size` numbers into `out` from `offset`, the oldest transaction first and the latest last. A slot
   * that nothing was in holds -1 throughout. Allocates nothing.
   * @param states one for each entity of the feature set, as `compute` takes them.
   */
  read(transaction: T, states: readonly (EntityState | null)[], out: Float32Array, offset: number): void;
}

/** How long ago a transaction was: read of each before everything else. */
const secondsSince = "seconds_since";

/** Throws a {@link FeatureDefinitionError} for what the entity does not remember. */
export function compileSequence<T extends BaseTransaction>(
  definition: SequenceDefinition<T>,
  set: { readonly entities: readonly CompiledEntity<T>[]; readonly hash: string },
): CompiledSequence<T> {
  const position = set.entities.findIndex(({ name }) => name === definition.entity.name);
  const layout = layoutIn(set.entities[position], definition);
  const { ring } = layout;
  const readers = channelReaders(layout, definition);
  const readPresent = transactionReader(layout);
  const { measures, filters, sameCategories } = definition;
  const same = sameCategories.map((field) => `same_${categoryOf(field).name}`);
  const channels = [secondsSince, ...[...measures, ...filters].map(({ name }) => name), ...same];
  const size = ring.capacity * channels.length;
  const fingerprint = fingerprintOfSequence(definition);
  return {
    name: sequenceName(definition),
    fingerprint,
    slots: ring.capacity,
    channels,
    size,
    vectorHash: digest([set.hash, fingerprint]),
    read(transaction, states, out, offset) {
      out.fill(-1, offset, offset + size);
      const state = states[position] ?? null;
      if (state === null) return;
      const { atMs, categories } = readPresent(transaction);
      const { float64, int32 } = state;
      const length = ringLength(ring, state);
      let at = offset + (ring.capacity - length) * channels.length;
      for (let slot = 0; slot < length; slot += 1) {
        const record = ring.records + slot * ring.recordWords;
        const filterBits = int32[record + ring.filterWord] ?? 0;
        out[at++] = Math.max(0, atMs - (float64[ring.times + slot] ?? 0)) / 1000;
        for (const { word, scale } of readers.measures) {
          out[at++] = inUnit(scale, int32[record + word] ?? 0);
        }
        for (const bit of readers.filterBits) out[at++] = (filterBits & bit) === bit ? 1 : 0;
        for (const row of readers.categoryRows) {
          const value = int32[record + ring.categoryWord + row] ?? 0;
          out[at++] = value !== 0 && value === categories[row] ? 1 : 0;
        }
      }
    },
  };
}

function layoutIn<T extends BaseTransaction>(
  entity: CompiledEntity<T> | undefined,
  definition: SequenceDefinition<T>,
): EntityLayout<T> {
  const { name } = definition.entity;
  if (entity === undefined) refuse(definition, `it reads "${name}", which is no entity of the feature set`);
  if (entity.layout.ring.capacity === 0) {
    refuse(definition, `the entity ${name} keeps no recent transactions: give it a recentCapacity`);
  }
  return entity.layout;
}

interface ChannelReaders {
  readonly measures: readonly { readonly word: number; readonly scale: UnitScale }[];
  readonly filterBits: readonly number[];
  readonly categoryRows: readonly number[];
}

/** Where in a record each channel lies. */
function channelReaders<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  definition: SequenceDefinition<T>,
): ChannelReaders {
  const { ring } = layout;
  const rowIn = (known: readonly { readonly name: string }[], wanted: string): number => {
    const row = known.findIndex(({ name }) => name === wanted);
    if (row >= 0) return row;
    const entity = definition.entity.name;
    return refuse(definition, `the entity ${entity} remembers no ${wanted}: none of its features uses it`);
  };
  return {
    measures: definition.measures.map((measure) => {
      return { word: ring.measureWord + rowIn(layout.measures, measure.name), scale: unitScale(measure) };
    }),
    filterBits: definition.filters.map((filter) => {
      rowIn(layout.filters, filter.name);
      return filterBit(layout.filters, filter);
    }),
    categoryRows: definition.sameCategories.map((field) => rowIn(layout.categories, categoryOf(field).name)),
  };
}

function refuse<T extends BaseTransaction>(definition: SequenceDefinition<T>, reason: string): never {
  const { definedAt } = definition;
  throw new FeatureDefinitionError([{ definedAt, name: sequenceName(definition), reason }]);
}

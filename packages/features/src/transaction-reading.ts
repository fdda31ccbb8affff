import type { BaseTransaction } from "@tollgate/contracts";
import type { Filter, Measure } from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import { hashName } from "./hash.ts";
import { featureLimits } from "./limits.ts";

/** What an entity remembers of one transaction, as the whole numbers that its state holds. */
export interface TransactionReading {
  atMs: number;
  idHash: number;
  filterBits: number;
  readonly steps: Int32Array;
  readonly categories: Int32Array;
  /** In ten-millionths of a degree; {@link noPlace} where there is none. */
  latitude: number;
  longitude: number;
}

/** No latitude or longitude is so small: it stands for none. */
export const noPlace: number = -(2 ** 31);

/** Ten-millionths of a degree are a centimetre, and 180 degrees of them fit into 31 bits. */
export const placeStepsPerDegree = 1e7;

/**
 * Reads transactions into one reading, again and again: nothing is allocated for each. A transaction is never
 * changed, so one that was just read for its vector is not read again for the update that follows.
 */
export function transactionReader<T extends BaseTransaction>(
  layout: EntityLayout<T>,
): (transaction: T) => TransactionReading {
  const { measures, filters, categories, place } = layout;
  const reading: TransactionReading = {
    atMs: 0,
    idHash: 0,
    filterBits: 0,
    steps: new Int32Array(measures.length),
    categories: new Int32Array(categories.length),
    latitude: noPlace,
    longitude: noPlace,
  };
  const placeBit = filterBit(filters, place?.where);
  let last: T | undefined;
  return (transaction) => {
    if (transaction === last) return reading;
    last = undefined;
    reading.atMs = transaction.occurredAtMs;
    reading.idHash = layout.ring.capacity === 0 ? 0 : hashName(transaction.id) | 0;
    let bits = 0;
    for (let position = 0; position < filters.length; position += 1) {
      if (filters[position]?.accepts(transaction) === true) bits |= 1 << position;
    }
    reading.filterBits = bits;
    for (let row = 0; row < measures.length; row += 1) {
      const measure = measures[row];
      if (measure !== undefined) reading.steps[row] = stepsOf(measure, transaction);
    }
    for (let row = 0; row < categories.length; row += 1) {
      reading.categories[row] = hashName(categories[row]?.of(transaction));
    }
    if (place !== undefined) {
      const counts = (bits & placeBit) === placeBit;
      reading.latitude = counts ? placeSteps(transaction[place.latitude]) : noPlace;
      reading.longitude = counts ? placeSteps(transaction[place.longitude]) : noPlace;
    }
    last = transaction;
    return reading;
  };
}

/** The bit of a filter; 0, which every transaction has, for none. */
export function filterBit<T extends BaseTransaction>(
  filters: readonly Filter<T>[],
  filter: Filter<T> | undefined,
): number {
  const position = filters.findIndex(({ name }) => name === filter?.name);
  return position < 0 ? 0 : 1 << position;
}

/** The bits of some filters, all of which must accept. */
export function filterMask<T extends BaseTransaction>(
  known: readonly Filter<T>[],
  filters: readonly Filter<T>[],
): number {
  return filters.reduce((mask, filter) => mask | filterBit(known, filter), 0);
}

/** How steps become a unit: divided by a whole number where there is one (100 for 0.01), else multiplied. */
export interface UnitScale {
  readonly divisor: number;
  readonly factor: number;
}

export function unitScale<T extends BaseTransaction>(measure: Measure<T> | undefined): UnitScale {
  const step = measure?.step ?? 1;
  const stepsPerUnit = Math.round(1 / step);
  const isWhole = stepsPerUnit >= 1 && Math.abs(stepsPerUnit * step - 1) < 1e-9;
  return isWhole ? { divisor: stepsPerUnit, factor: 1 } : { divisor: 1, factor: step };
}

export function inUnit(scale: UnitScale, steps: number): number {
  return (steps * scale.factor) / scale.divisor;
}

function stepsOf<T extends BaseTransaction>(measure: Measure<T>, transaction: T): number {
  const steps = Math.round(measure.of(transaction) / measure.step);
  if (!Number.isFinite(steps)) return 0;
  return Math.max(-featureLimits.maxSteps, Math.min(featureLimits.maxSteps, steps));
}

function placeSteps(degrees: unknown): number {
  return typeof degrees === "number" ? Math.round(degrees * placeStepsPerDegree) : noPlace;
}

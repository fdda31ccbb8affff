import type { RingPlaces } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import { ringLength } from "./ring.ts";
import { noMinimum, type Statistic } from "./totals.ts";

/** A column of the ring that is added up: a statistic of a measure's word, where the filters accept. */
export interface RingColumn {
  readonly statistic: Statistic;
  readonly mask: number;
  readonly word: number;
}

/** What every column of the ring had added up to at every age, counted from the newest transaction back. */
export interface RingTotals {
  /** Total of column `c` at age `a` lies at `c * ages + a`. */
  readonly snapshots: Float64Array;
  /** For each age the first slot that is younger; for age 0 the end of what is not later than now. */
  readonly firstSlots: Int32Array;
  /** Fills the snapshots of the first ages, as of a time; later transactions do not count. */
  fill(state: EntityState, nowMs: number, exactAges: number): void;
}

type Adder = (int32: Int32Array, ages: number) => void;

/**
 * Compiles the totals of a ring: its times are walked once to find where each age begins, then each column
 * once, in a loop of its own that does nothing but add.
 */
export function compileRingTotals(
  ring: RingPlaces,
  columns: readonly RingColumn[],
  agesMs: readonly number[],
): RingTotals {
  const snapshots = new Float64Array(columns.length * agesMs.length);
  const firstSlots = new Int32Array(agesMs.length);
  const adders = columns.map((column, row) => {
    const into = snapshots.subarray(row * agesMs.length, (row + 1) * agesMs.length);
    return adderOf(ring, column, { firstSlots, into });
  });
  const ages = Float64Array.from(agesMs);
  return {
    snapshots,
    firstSlots,
    fill(state, nowMs, exactAges) {
      const { float64, int32 } = state;
      let slot = ringLength(ring, state);
      for (let age = 0; age < ages.length; age += 1) {
        const afterMs = nowMs - (ages[age] ?? 0);
        while (slot > 0 && (float64[ring.times + slot - 1] ?? 0) > afterMs) slot -= 1;
        firstSlots[age] = slot;
      }
      for (let row = 0; row < adders.length; row += 1) adders[row]?.(int32, exactAges);
    },
  };
}

interface Walk {
  /** For each age the first slot that is younger. */
  readonly firstSlots: Int32Array;
  readonly into: Float64Array;
}

function adderOf(ring: RingPlaces, column: RingColumn, walk: Walk): Adder {
  const { mask } = column;
  switch (column.statistic) {
    case "count":
      return mask === 0 ? countAll(walk) : countSome(ring, mask, walk);
    case "sum":
      return addMeasure(ring, column, walk);
    case "squares":
      return addSquares(ring, column, walk);
    case "minimum":
    case "maximum":
      return findExtreme(ring, column, walk);
    case "frauds":
      return () => undefined;
  }
}

/** Without a filter the places of the ages say it all. */
function countAll({ firstSlots, into }: Walk): Adder {
  return (_int32, ages) => {
    const newest = firstSlots[0] ?? 0;
    for (let age = 0; age < ages; age += 1) into[age] = newest - (firstSlots[age] ?? 0);
  };
}

// The loops below are alike and yet written out: in one shared loop that calls a function for each value, the
// call is not inlined for so many functions, and each number that it returns goes on the heap.

function countSome(ring: RingPlaces, mask: number, { firstSlots, into }: Walk): Adder {
  const { recordWords } = ring;
  const filterAt = ring.records + ring.filterWord;
  return (int32, ages) => {
    let total = 0;
    let slot = (firstSlots[0] ?? 0) - 1;
    for (let age = 0; age < ages; age += 1) {
      const first = firstSlots[age] ?? 0;
      for (; slot >= first; slot -= 1) {
        if (((int32[filterAt + slot * recordWords] ?? 0) & mask) === mask) total += 1;
      }
      into[age] = total;
    }
  };
}

function addMeasure(ring: RingPlaces, { mask, word }: RingColumn, { firstSlots, into }: Walk): Adder {
  const { recordWords } = ring;
  const filterAt = ring.records + ring.filterWord;
  const measureAt = ring.records + word;
  return (int32, ages) => {
    let total = 0;
    let slot = (firstSlots[0] ?? 0) - 1;
    for (let age = 0; age < ages; age += 1) {
      const first = firstSlots[age] ?? 0;
      for (; slot >= first; slot -= 1) {
        const record = slot * recordWords;
        if (mask !== 0 && ((int32[filterAt + record] ?? 0) & mask) !== mask) continue;
        total += int32[measureAt + record] ?? 0;
      }
      into[age] = total;
    }
  };
}

function addSquares(ring: RingPlaces, { mask, word }: RingColumn, { firstSlots, into }: Walk): Adder {
  const { recordWords } = ring;
  const filterAt = ring.records + ring.filterWord;
  const measureAt = ring.records + word;
  return (int32, ages) => {
    let total = 0;
    let slot = (firstSlots[0] ?? 0) - 1;
    for (let age = 0; age < ages; age += 1) {
      const first = firstSlots[age] ?? 0;
      for (; slot >= first; slot -= 1) {
        const record = slot * recordWords;
        if (mask !== 0 && ((int32[filterAt + record] ?? 0) & mask) !== mask) continue;
        const steps = int32[measureAt + record] ?? 0;
        total += steps * steps;
      }
      into[age] = total;
    }
  };
}

function findExtreme(ring: RingPlaces, column: RingColumn, { firstSlots, into }: Walk): Adder {
  const { recordWords } = ring;
  const { mask } = column;
  const filterAt = ring.records + ring.filterWord;
  const measureAt = ring.records + column.word;
  // The least of the negated values is the greatest: one loop for both.
  const sign = column.statistic === "minimum" ? 1 : -1;
  return (int32, ages) => {
    let least = noMinimum;
    let slot = (firstSlots[0] ?? 0) - 1;
    for (let age = 0; age < ages; age += 1) {
      const first = firstSlots[age] ?? 0;
      for (; slot >= first; slot -= 1) {
        const record = slot * recordWords;
        if (mask !== 0 && ((int32[filterAt + record] ?? 0) & mask) !== mask) continue;
        least = Math.min(least, sign * (int32[measureAt + record] ?? 0));
      }
      into[age] = sign * least;
    }
  };
}

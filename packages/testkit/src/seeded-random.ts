import { seedSetting, testEnvironment } from "./config.ts";

/** Repeatable randomness: the same seed gives the same numbers on every machine. */
export interface SeededRandom {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** Without a seed: the one of TOLLGATE_TEST_SEED, else a new one. Print it with {@link printSeed}. */
export function seededRandom(seed: number = seedSetting(testEnvironment()) ?? newSeed()): SeededRandom {
  const next = mulberry32(seed);
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    seed,
    next,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
  };
}

/** Says how a run is repeated; call it at the start of every test that draws. */
export function printSeed(random: SeededRandom): void {
  process.stdout.write(`seed ${random.seed}: repeat with TOLLGATE_TEST_SEED=${random.seed}\n`);
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for tests. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

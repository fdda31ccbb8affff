import { printSeed, seededRandom } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { offsetsInSlot, requestsBeforeSlots, type PoissonSlots } from "../k6/poisson-arrivals.ts";

/** Bounds of this many standard deviations: by chance one test in some millions misses them. */
const deviations = 5.5;

function drawnSlots(mean: number, count: number): PoissonSlots {
  const random = seededRandom();
  printSeed(random);
  return { seed: random.seed, slotsPerSecond: 500, count, mean, emptyShare: Math.exp(-mean) };
}

function numbersOf(slots: PoissonSlots): readonly number[] {
  const before = requestsBeforeSlots(slots);
  return before.slice(1, slots.count + 1).map((after, slot) => after - (before[slot] ?? 0));
}

/** In milliseconds, of all slots one after the other. */
function arrivalsOf(slots: PoissonSlots): readonly number[] {
  const slotMs = 1000 / slots.slotsPerSecond;
  return numbersOf(slots).flatMap((number, slot) =>
    offsetsInSlot(slots, slot, number).map((offsetMs) => slot * slotMs + offsetMs),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

test.for([0.4, 1, 5, 12.5])("numbers of slots with mean %f have that mean and that variance", (mean) => {
  const count = 40_000;
  const numbers = numbersOf(drawnSlots(mean, count));
  expect(Math.abs(meanOf(numbers) - mean)).toBeLessThan(deviations * Math.sqrt(mean / count));
  const varianceError = Math.sqrt((mean + 2 * mean ** 2) / count);
  expect(Math.abs(varianceOf(numbers) - mean)).toBeLessThan(deviations * varianceError);
});

test("as many slots have no request, and each other number of them, as the distribution says", () => {
  const count = 40_000;
  const mean = 2;
  const numbers = numbersOf(drawnSlots(mean, count));
  let share = Math.exp(-mean);
  for (let number = 0; number < 8; number += 1) {
    const expected = share * count;
    const found = numbers.filter((value) => value === number).length;
    expect(Math.abs(found - expected)).toBeLessThan(deviations * Math.sqrt(expected));
    share *= mean / (number + 1);
  }
});

test("between arrivals lie exponential times, of which one says nothing of the next", () => {
  const arrivals = arrivalsOf(drawnSlots(5, 20_000));
  const gaps = arrivals.slice(1).map((atMs, index) => atMs - (arrivals[index] ?? 0));
  const allowed = deviations / Math.sqrt(gaps.length);
  const mean = meanOf(gaps);
  const deviation = Math.sqrt(varianceOf(gaps));
  expect(Math.abs(deviation / mean - 1)).toBeLessThan(allowed);
  const products = gaps.slice(1).map((gap, index) => (gap - mean) * ((gaps[index] ?? 0) - mean));
  expect(Math.abs(meanOf(products) / deviation ** 2)).toBeLessThan(allowed);
  for (const times of [0.5, 1, 2, 3]) {
    const longer = gaps.filter((gap) => gap > times * mean).length / gaps.length;
    expect(Math.abs(longer - Math.exp(-times))).toBeLessThan(allowed);
  }
});

test("windows that begin anywhere in a slot have Poisson numbers too", () => {
  const slots = drawnSlots(5, 40_000);
  const windowMs = 3.7;
  const windows = Math.floor((slots.count * 1000) / slots.slotsPerSecond / windowMs);
  const numbers = Array.from({ length: windows }, () => 0);
  for (const atMs of arrivalsOf(slots)) {
    const window = Math.floor(atMs / windowMs);
    if (window < windows) numbers[window] = (numbers[window] ?? 0) + 1;
  }
  const dispersion = varianceOf(numbers) / meanOf(numbers);
  expect(Math.abs(dispersion - 1)).toBeLessThan(deviations * Math.sqrt(2 / windows));
});

test("requests come in order and within their slot; the same seed gives the same ones", () => {
  const slots = drawnSlots(5, 200);
  const arrivals = arrivalsOf(slots);
  expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
  for (const slot of [0, 1, 199]) {
    for (const offsetMs of offsetsInSlot(slots, slot, 50)) expect(offsetMs).toBeLessThan(2);
  }
  expect(arrivalsOf(slots)).toEqual(arrivals);
  expect(arrivalsOf({ ...slots, seed: slots.seed + 1 })).not.toEqual(arrivals);
});

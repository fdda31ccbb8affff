import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addCounts,
  binnedWassersteinDistance,
  categoryBins,
  categoryHistogram,
  countValues,
  numericHistogram,
  positionsOf,
  quantileBins,
  readHistogram,
  wassersteinDistance,
} from "../src/index.ts";

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const sample = fc.array(finite, { minLength: 1, maxLength: 200 });
const anyValue = fc.oneof(finite, fc.constantFrom(null, undefined, Number.NaN, Infinity, -Infinity));

test("distinct values are cut into bins of equal share, to one value", () => {
  const reference = Array.from({ length: 1_003 }, (_, index) => (index * 7919) % 1_003);
  const bins = quantileBins(reference, { bins: 20 });
  const histogram = numericHistogram(bins);
  const counts = readHistogram(histogram.layout, countValues(histogram, reference)).present;
  expect(bins.edges).toHaveLength(19);
  expect(counts[0]).toBe(0);
  expect(counts.at(-1)).toBe(0);
  for (const count of counts.slice(1, -1)) expect(Math.abs(count - 1_003 / 20)).toBeLessThanOrEqual(1);
});

test("a value that holds more than a bin's share has a bin of its own", () => {
  const reference = [
    ...Array.from({ length: 600 }, () => 0),
    ...Array.from({ length: 400 }, (_, i) => i + 1),
  ];
  const bins = quantileBins(reference, { bins: 10 });
  expect(bins.edges[0]).toBe(1);
  expect(bins.centres[0]).toBe(0);
});

test("every bin of the reference is occupied, its centre inside, and nothing is out of range", () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 1, max: 30 }), (reference, bins) => {
      const cut = quantileBins(reference, { bins });
      const histogram = numericHistogram(cut);
      const { distribution, outOfRangeShare, total } = readHistogram(
        histogram.layout,
        countValues(histogram, reference),
      );
      expect(outOfRangeShare).toBe(0);
      expect(total).toBe(reference.length);
      expect(cut.edges.length).toBeLessThan(2 * bins);
      expect(cut.edges).toEqual([...new Set(cut.edges)].toSorted((a, b) => a - b));
      expect(distribution.slice(1, -2).every((count) => count > 0)).toBe(true);
      const centres = positionsOf(cut).centres;
      for (let bin = 1; bin < centres.length; bin += 1) {
        expect(Number(centres[bin]) - Number(centres[bin - 1])).toBeGreaterThan(-1e-6);
      }
    }),
  );
});

test("every value has one counter: missing, below, above or the bin between its edges", () => {
  fc.assert(
    fc.property(sample, anyValue, (reference, value) => {
      const bins = quantileBins(reference);
      const { layout, slotOf } = numericHistogram(bins);
      const slot = slotOf(value);
      if (value === null || value === undefined || Number.isNaN(value)) expect(slot).toBe(layout.missing);
      else if (value < bins.lowest) expect(slot).toBe(layout.below);
      else if (value > bins.highest) expect(slot).toBe(layout.above);
      else {
        const bin = slot - layout.firstBin;
        expect(value).toBeGreaterThanOrEqual(bins.edges[bin - 1] ?? -Infinity);
        expect(value).toBeLessThan(bins.edges[bin] ?? Infinity);
      }
    }),
  );
});

test("counters merge by addition, in any order, into those of all values", () => {
  fc.assert(
    fc.property(
      sample,
      fc.array(anyValue, { maxLength: 50 }),
      fc.nat({ max: 50 }),
      (reference, values, cut) => {
        const histogram = numericHistogram(quantileBins(reference));
        const merged = countValues(histogram, values.slice(cut));
        addCounts(merged, countValues(histogram, values.slice(0, cut)));
        expect(merged).toEqual(countValues(histogram, values.toReversed()));
      },
    ),
  );
});

test("categories are counted, unknown ones as unseen, null as missing", () => {
  const histogram = categoryHistogram(categoryBins(["a", "b", "b", "c", "c", "c", "d"], { limit: 3 }));
  const reading = readHistogram(
    histogram.layout,
    countValues(histogram, ["c", "b", "a", "d", "x", null, undefined, "c"]),
  );
  expect([...reading.distribution]).toEqual([2, 1, 1, 2, 2]);
  expect([...reading.present]).toEqual([2, 1, 1, 2]);
  expect(reading).toMatchObject({ total: 8, missingShare: 0.25, unseenShare: 0.25, outOfRangeShare: 0 });
});

test("the most frequent categories are kept, ties in the order of their names", () => {
  expect(categoryBins(["b", "a", "c", "c"], { limit: 2 }).categories).toEqual(["c", "a"]);
  expect(categoryBins(["b", "a", "c", "c"].toReversed(), { limit: 2 }).categories).toEqual(["c", "a"]);
});

test("bins survive JSON, and the distance of their counts is near that of the values", () => {
  const reference = Array.from({ length: 2_000 }, (_, index) => ((index * 6_367) % 2_000) / 100);
  const current = reference.map((value) => value * 0.8);
  const bins = quantileBins(reference, { bins: 40 });
  const restored = JSON.parse(JSON.stringify(bins)) as typeof bins;
  expect(restored).toEqual(bins);
  const histogram = numericHistogram(restored);
  const [before, after] = [reference, current].map(
    (values) => readHistogram(histogram.layout, countValues(histogram, values)).present,
  );
  const exact = wassersteinDistance(reference, current) / bins.scale;
  const binned = binnedWassersteinDistance(before ?? [], after ?? [], positionsOf(restored));
  expect(Math.abs(binned / exact - 1)).toBeLessThan(0.05);
});

test("an empty window is read as nothing, and bad input is refused with what to do", () => {
  const histogram = numericHistogram(quantileBins([1, 2, 3]));
  const reading = readHistogram(histogram.layout, countValues(histogram, []));
  expect(reading).toMatchObject({ total: 0, missingShare: Number.NaN });
  expect(() => quantileBins([])).toThrow("TOO_FEW_VALUES");
  expect(() => quantileBins([1, Number.NaN])).toThrow(/VALUE_NOT_FINITE: .*Count missing values apart/);
  expect(() => quantileBins([1, 2], { bins: 0 })).toThrow("OUT_OF_RANGE");
  expect(() => categoryBins([], { limit: 3 })).toThrow("TOO_FEW_VALUES");
  expect(() => readHistogram(histogram.layout, [1, 2])).toThrow("BINS_DIFFER");
  expect(() => addCounts(new Float64Array(2), [1])).toThrow("BINS_DIFFER");
});

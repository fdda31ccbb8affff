import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createCostEstimate } from "../src/cost-estimate.ts";
import { batcherLimits } from "../src/index.ts";

const measured = { fixedMicros: 30, perRowMicros: 5 };
const measuredMicros = (rows: number): number => measured.fixedMicros + measured.perRowMicros * rows;

test("until a batch has run the estimate is the measured cost", () => {
  const estimate = createCostEstimate(measured, batcherLimits);
  for (const rows of [1, 7, 256]) expect(estimate.microsOf(rows)).toBe(measuredMicros(rows));
  expect(estimate.microsOfQueue(600)).toBe(3 * 30 + 600 * 5);
});

test("small batches on a busy event loop do not make large ones look slow", () => {
  const estimate = createCostEstimate(measured, batcherLimits);
  for (let count = 0; count < 200; count += 1) estimate.learn(1 + (count % 4), 240);
  expect(estimate.microsOf(2)).toBeGreaterThan(200);
  expect(estimate.microsOf(256)).toBeLessThan(1.2 * measuredMicros(256));
});

test("a machine that became three times slower is believed, for all sizes that were seen", () => {
  const estimate = createCostEstimate(measured, batcherLimits);
  const sizes = [1, 8, 64, 256];
  for (let count = 0; count < 200; count += 1) {
    const rows = sizes[count % sizes.length] ?? 1;
    estimate.learn(rows, 3 * measuredMicros(rows));
  }
  for (const rows of sizes) {
    expect(estimate.microsOf(rows) / measuredMicros(rows)).toBeGreaterThan(2.7);
    expect(estimate.microsOf(rows) / measuredMicros(rows)).toBeLessThan(3.1);
  }
});

test("whatever batches take, the estimate stays within its bounds and is a number", () => {
  const batch = fc.record({
    rows: fc.integer({ min: 1, max: 256 }),
    micros: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  const property = fc.property(fc.array(batch), fc.integer({ min: 1, max: 16_384 }), (batches, rows) => {
    const estimate = createCostEstimate(measured, batcherLimits);
    for (const { rows: ran, micros } of batches) estimate.learn(ran, micros);
    const runs = Math.ceil(rows / batcherLimits.batchRows);
    const share = estimate.microsOfQueue(rows) / (runs * 30 + rows * 5);
    expect(share).toBeGreaterThanOrEqual(batcherLimits.costCorrection.least - 1e-9);
    expect(share).toBeLessThanOrEqual(batcherLimits.costCorrection.most + 1e-9);
    expect(estimate.cost.fixedMicros).toBeGreaterThanOrEqual(0);
    expect(estimate.cost.perRowMicros).toBeGreaterThanOrEqual(0);
  });
  fc.assert(property, { numRuns: 300 });
});

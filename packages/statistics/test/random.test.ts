import { expect, test } from "vitest";
import { chiSquareGoodnessOfFit, createRandom, drawBinomial, drawMultinomial } from "../src/index.ts";
import { logGamma } from "../src/special/log-gamma.ts";

/** The binomial probabilities of 0 to `trials`. */
function binomial(trials: number, probability: number): readonly number[] {
  return Array.from({ length: trials + 1 }, (_, k) =>
    Math.exp(
      logGamma(trials + 1) -
        logGamma(k + 1) -
        logGamma(trials - k + 1) +
        k * Math.log(probability) +
        (trials - k) * Math.log1p(-probability),
    ),
  );
}

test("binomial draws follow the binomial distribution, for small and large means", () => {
  const random = createRandom(91);
  for (const [trials, probability] of [
    [12, 0.3],
    [60, 0.05],
    [60, 0.4],
    [200, 0.75],
  ] as const) {
    const counts = new Float64Array(trials + 1);
    for (let draw = 0; draw < 20_000; draw += 1) {
      const drawn = drawBinomial(random, trials, probability);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // Only outcomes that are expected 5 times or more; the rest is pooled.
    const expected = binomial(trials, probability);
    const common = [...expected.keys()].filter((k) => 20_000 * (expected[k] ?? 0) >= 5);
    const observed = common.map((k) => counts[k] ?? 0);
    const shares = common.map((k) => expected[k] ?? 0);
    const rest = 20_000 - observed.reduce((sum, count) => sum + count, 0);
    const restShare = 1 - shares.reduce((sum, share) => sum + share, 0);
    const { pValue } = chiSquareGoodnessOfFit([...observed, rest], [...shares, Math.max(restShare, 1e-6)]);
    expect(pValue, `${trials} trials of ${probability}`).toBeGreaterThan(0.001);
  }
});

test("the edges of the binomial distribution are certain", () => {
  const random = createRandom(92);
  expect(drawBinomial(random, 1_000, 0)).toBe(0);
  expect(drawBinomial(random, 1_000, 1)).toBe(1_000);
  expect(drawBinomial(random, 0, 0.5)).toBe(0);
  for (let draw = 0; draw < 100; draw += 1) {
    expect(drawBinomial(random, 1e9, 0.5)).toBeLessThan(5.01e8);
    expect(drawBinomial(random, 1e9, 1e-9)).toBeLessThan(20);
  }
});

test("multinomial draws add up, keep empty bins empty, and repeat with the seed", () => {
  const weights = [0, 5, 0.5, 0, 100, 0];
  const draw = (seed: number): Float64Array => {
    const target = new Float64Array(6);
    drawMultinomial(createRandom(seed), 10_000, weights, target);
    return target;
  };
  for (let seed = 0; seed < 50; seed += 1) {
    const drawn = draw(seed);
    expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(10_000);
    expect([drawn[0], drawn[3], drawn[5]]).toEqual([0, 0, 0]);
    expect(draw(seed)).toEqual(drawn);
  }
});

test("uniform draws are uniform, and neighbouring seeds unlike", () => {
  const random = createRandom(93);
  const counts = new Float64Array(64);
  for (let draw = 0; draw < 64_000; draw += 1) {
    const bin = Math.floor(random() * 64);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  expect(
    chiSquareGoodnessOfFit(
      counts,
      counts.map(() => 1),
    ).pValue,
  ).toBeGreaterThan(0.001);
  const firsts = Array.from({ length: 1_000 }, (_, seed) => createRandom(seed)());
  const squares = new Float64Array(10);
  for (const first of firsts) squares[Math.floor(first * 10)] = (squares[Math.floor(first * 10)] ?? 0) + 1;
  expect(
    chiSquareGoodnessOfFit(
      squares,
      squares.map(() => 1),
    ).pValue,
  ).toBeGreaterThan(0.001);
});

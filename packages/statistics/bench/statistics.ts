import {
  bootstrapNullTables,
  createRandom,
  driftMeasures,
  kolmogorovSmirnovTest,
  nullDistribution,
  nullOfTable,
  numericHistogram,
  positionsOf,
  proportionDifferencePValue,
  proportionDifferenceSequence,
  quantileBins,
  readHistogram,
  countValues,
  type DriftMeasureName,
} from "../src/index.ts";

interface Report {
  readonly table: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly figures: Readonly<Record<string, number>>;
  readonly passed: boolean;
}

interface Operation {
  readonly name: string;
  readonly times: number;
  /** What one call of `operate` does so many of. */
  readonly items?: number;
  readonly operate: () => void;
}

/** Counting 40 features of 50,000 decisions a second may take a fifth of a core. */
const countingNanosLimit = 100;
const referenceSize = 100_000;

/** Processor time of each operation in nanoseconds: medians of several rounds, side by side in one run. */
export function run({ quick }: { readonly quick: boolean }): Promise<Report> {
  const operations = prepare();
  const rounds = quick ? 3 : 9;
  const nanos = operations.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    operations.forEach((operation, index) => {
      const measured = measure(operation);
      // The first round warms up.
      if (round > 0) nanos[index]?.push(measured);
    });
  }
  const medians = operations.map(({ name }, index) => ({ name, median: medianOf(nanos[index] ?? []) }));
  return Promise.resolve({
    table: {
      header: ["operation", "processor time"],
      rows: medians.map(({ name, median }) => [name, timeText(median)]),
    },
    figures: Object.fromEntries(medians.map(({ name, median }) => [`${name}, ns`, Math.round(median)])),
    passed: (medians[0]?.median ?? Infinity) <= countingNanosLimit,
  });
}

function prepare(): readonly Operation[] {
  const random = createRandom(1);
  const values = Array.from({ length: referenceSize }, () => Math.exp(2 * random()));
  const bins = quantileBins(values);
  const histogram = numericHistogram(bins);
  const positions = positionsOf(bins);
  const read = (sample: readonly number[]): Float64Array =>
    readHistogram(histogram.layout, countValues(histogram, sample)).present;
  const reference = read(values);
  const window = read(values.slice(0, 5_000).map((value) => value * 1.02));
  const counters = new Float64Array(histogram.layout.slots);
  const names = Object.keys(driftMeasures) as DriftMeasureName[];
  const drawn = { reference, positions, random, windowSizes: [1_000], draws: 2_000 };
  const [table] = bootstrapNullTables({ ...drawn, measures: ["wasserstein"] });
  if (table === undefined) throw new Error("no table was drawn");
  const arms = {
    control: { successes: 900, trials: 10_000 },
    treatment: { successes: 1_000, trials: 10_000 },
  };
  const [first, second] = [values.slice(0, 1_000), values.slice(1_000, 2_000)];
  const law = nullDistribution("hellinger", { reference, windowSize: 5_000, random });
  return [
    {
      name: "count one value into 20 bins",
      times: 1,
      items: values.length,
      operate() {
        for (const value of values) {
          const slot = histogram.slotOf(value);
          counters[slot] = (counters[slot] ?? 0) + 1;
        }
      },
    },
    ...names.map((name) => ({
      name: `${name} of 20 bins`,
      times: 1_000,
      operate: () => driftMeasures[name].ofCounts(reference, window, positions),
    })),
    { name: "analytic p-value", times: 1_000, operate: () => law.pValue(0.05) },
    { name: "table p-value", times: 1_000, operate: () => nullOfTable(table, 5_000).pValue(0.02) },
    {
      name: "null table: 7 measures, 1 size, 2,000 draws",
      times: 1,
      operate: () => bootstrapNullTables({ ...drawn, measures: names }),
    },
    {
      name: "exact Kolmogorov-Smirnov, 1,000 x 1,000",
      times: 1,
      operate: () => kolmogorovSmirnovTest(first, second),
    },
    {
      name: "difference of proportions: sequence",
      times: 10,
      operate: () => proportionDifferenceSequence(arms, { alpha: 0.05 }),
    },
    {
      name: "difference of proportions: p-value",
      times: 100,
      operate: () => proportionDifferencePValue(arms),
    },
  ];
}

/** Nanoseconds of processor time of one: other processes on the machine do not count. */
function measure({ times, items = 1, operate }: Operation): number {
  const began = process.cpuUsage();
  for (let turn = 0; turn < times; turn += 1) operate();
  const used = process.cpuUsage(began);
  return ((used.user + used.system) * 1e3) / times / items;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function timeText(nanos: number): string {
  if (nanos < 1e3) return `${nanos.toFixed(0)} ns`;
  return nanos < 1e6 ? `${(nanos / 1e3).toFixed(1)} us` : `${(nanos / 1e6).toFixed(1)} ms`;
}

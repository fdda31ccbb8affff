import type { DriftAspect } from "@tollgate/contracts";
import {
  chiSquareSurvival,
  jensenShannonDistance,
  nullOfTable,
  populationStabilityIndex,
} from "@tollgate/statistics";
import type { CounterGroup } from "./counter-layout.ts";
import { normalDeviate } from "./normal-deviate.ts";

/** How far a window is from its baseline in one respect. */
export interface AspectFigure {
  readonly aspect: DriftAspect;
  /** Standard normal where the window is a sample of what the baseline is a sample of. */
  readonly figure: number;
  /** A distribution differs in one direction only: more. */
  readonly sides: 1 | 2;
  /** In the aspect's unit: `DriftFinding.effect`. */
  readonly effect: number;
}

/**
 * Every respect in which a window's histogram can differ from the baseline's: its shape, where it lies, the
 * shares of missing, out-of-range and unseen values. Each as a standard normal figure under the sampling null
 * of these two sizes. Empty where either side is.
 */
export function aspectFigures(
  group: CounterGroup,
  window: Float64Array,
  baseline: Float64Array,
): readonly AspectFigure[] {
  const sizes = { window: sum(window), baseline: sum(baseline) };
  if (sizes.window === 0 || sizes.baseline === 0) return [];
  const { missing, below, above, unseen } = group.histogram;
  const share = (aspect: DriftAspect, ...slots: readonly (number | undefined)[]): AspectFigure => {
    const of = (counts: Float64Array): number =>
      slots.reduce<number>((total, slot) => total + (slot === undefined ? 0 : (counts[slot] ?? 0)), 0);
    return shareFigure(aspect, { window: of(window), baseline: of(baseline), sizes });
  };
  const figures = [distributionFigure(group, { window, baseline, sizes })];
  if (group.bins.kind === "numeric") {
    const location = locationFigure(window.subarray(0, missing), baseline.subarray(0, missing));
    if (location !== undefined) figures.push(location);
    figures.push(share("out-of-range", below, above));
  }
  if (group.subject === "attribute") figures.push(share("unseen", unseen));
  if (group.subject === "feature" || group.subject === "attribute" || group.name === "score") {
    figures.push(share("missing", missing));
  }
  return figures;
}

/** How often something happened against how often it does in as much time; both are counts. */
export function rateFigure(window: number, baseline: number, baselineWindows: number): AspectFigure {
  // Anscombe's transform: the root of a Poisson count has a variance of a quarter.
  const usual = baseline / baselineWindows;
  const root = (count: number): number => 2 * Math.sqrt(count + 3 / 8);
  const figure = (root(window) - root(usual)) / Math.sqrt(1 + 1 / baselineWindows);
  return { aspect: "rate", figure, sides: 2, effect: usual > 0 ? window / usual - 1 : Infinity };
}

interface Sizes {
  readonly window: number;
  readonly baseline: number;
}

/**
 * Jensen-Shannon's distance, read against the bootstrap null of the reference or, without one, chi-square.
 */
function distributionFigure(
  group: CounterGroup,
  of: { readonly window: Float64Array; readonly baseline: Float64Array; readonly sizes: Sizes },
): AspectFigure {
  const { window, baseline, sizes } = of;
  const distance = jensenShannonDistance(baseline, window);
  const variance = 1 / sizes.window + 1 / sizes.baseline;
  const occupied = window.reduce(
    (bins, count, slot) => bins + (count + (baseline[slot] ?? 0) > 0 ? 1 : 0),
    0,
  );
  const chance = (occupied - 1) * variance;
  const psi = populationStabilityIndex(baseline, window);
  const common = { aspect: "distribution", sides: 1, effect: Math.max(0, psi - chance) } as const;
  if (occupied < 2) return { ...common, figure: 0 };
  const table = group.null;
  const firstSize = table?.windowSizes[0] ?? Infinity;
  const p =
    table !== undefined && sizes.window >= firstSize
      ? nullOfTable({ ...table, referenceSize: sizes.baseline }, sizes.window).pValue(distance)
      : chiSquareSurvival((8 * Math.LN2 * distance * distance) / variance, occupied - 1);
  return { ...common, figure: normalOf(p) };
}

/** Two sides of a probability beyond which doubles say nothing: 37 standard deviations. */
const leastP = 1e-300;

function normalOf(p: number): number {
  return normalDeviate(Math.min(1 - 1e-12, Math.max(leastP, p)));
}

/**
 * Wilcoxon's rank sum on the bins, ties corrected: one direction, so it finds a small shift of everything
 * long before the distribution's shape shows it. Undefined where all values are in one bin.
 */
function locationFigure(window: Float64Array, baseline: Float64Array): AspectFigure | undefined {
  const [n, m] = [sum(window), sum(baseline)];
  let before = 0;
  let above = 0;
  let ties = 0;
  for (let slot = 0; slot < window.length; slot += 1) {
    const here = baseline[slot] ?? 0;
    const both = here + (window[slot] ?? 0);
    above += (window[slot] ?? 0) * (before + here / 2);
    before += here;
    ties += both ** 3 - both;
  }
  const all = n + m;
  const spread = (all + 1 - ties / (all * (all - 1))) / (12 * n * m);
  if (!(n > 0 && m > 0 && spread > 0)) return undefined;
  const effect = above / (n * m) - 0.5;
  return { aspect: "location", figure: effect / Math.sqrt(spread), sides: 2, effect };
}

/** The arcsine of the root makes a share's variance 1 / 4n, also of a share close to 0 (Anscombe, 1948). */
function shareFigure(
  aspect: DriftAspect,
  { window, baseline, sizes }: Sizes & { readonly sizes: Sizes },
): AspectFigure {
  const angle = (count: number, size: number): number =>
    Math.asin(Math.sqrt((count + 3 / 8) / (size + 3 / 4)));
  const difference = angle(window, sizes.window) - angle(baseline, sizes.baseline);
  // With nothing on either side the transform would see the sizes.
  const figure =
    window + baseline === 0 ? 0 : (2 * difference) / Math.sqrt(1 / sizes.window + 1 / sizes.baseline);
  return { aspect, figure, sides: 2, effect: window / sizes.window - baseline / sizes.baseline };
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

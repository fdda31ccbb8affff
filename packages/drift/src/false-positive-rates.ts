import { decisionsOf, outcomesOf, sumsByOutcome, type WindowCounts } from "./window-counts.ts";

/**
 * False-positive rate of a segment over that of everything else; `low` and `high` bound the ratio at 95 %.
 */
export interface FalsePositiveRateRatio {
  readonly segment: string;
  readonly honest: number;
  /** Honest payments that were reviewed or declined. */
  readonly falsePositives: number;
  readonly rate: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 %. */
const z = 1.959964;

/**
 * Are honest people of one segment stopped more often than others? Half a count added to each cell, and
 * Katz's interval of the logarithm: right for rare events. NaN bounds for a segment that is empty or is
 * everything.
 * Source: Katz et al., Biometrics 34 (1978).
 */
export function falsePositiveRateRatios(
  all: WindowCounts,
  segments: readonly { readonly name: string; readonly window: WindowCounts }[],
): readonly FalsePositiveRateRatio[] {
  const whole = honestOf(all);
  return segments.map(({ name, window }) => {
    const own = honestOf(window);
    const others = { honest: whole.honest - own.honest, stopped: whole.stopped - own.stopped };
    const rateOf = (of: Honest): number => (of.stopped + 0.5) / (of.honest + 1);
    const ratio = own.honest > 0 && others.honest > 0 ? rateOf(own) / rateOf(others) : Number.NaN;
    const variance = [own, others].reduce((sum, of) => sum + 1 / (of.stopped + 0.5) - 1 / (of.honest + 1), 0);
    const margin = Math.exp(z * Math.sqrt(Math.max(0, variance)));
    return {
      segment: name,
      honest: own.honest,
      falsePositives: own.stopped,
      rate: own.stopped / own.honest,
      ratio,
      low: ratio / margin,
      high: ratio * margin,
    };
  });
}

interface Honest {
  readonly honest: number;
  readonly stopped: number;
}

/** Not known to be fraud. */
function honestOf(window: WindowCounts): Honest {
  const outcomes = outcomesOf(window);
  const frauds = sumsByOutcome(window, window.layout.sums.frauds);
  const stopped = outcomes.review + outcomes.decline - frauds.review - frauds.decline;
  const honest = decisionsOf(window) - frauds.approve - frauds.review - frauds.decline;
  return { honest: Math.max(0, honest), stopped: Math.max(0, stopped) };
}

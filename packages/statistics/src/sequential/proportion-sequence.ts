import { assertBetween } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import { bisectFalling } from "../special/bisect.ts";
import { logBeta } from "../special/log-gamma.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import type { ConfidenceInterval } from "./confidence-interval.ts";

/** Successes among trials, so far. */
export interface Tally {
  readonly successes: number;
  readonly trials: number;
}

export interface ProportionSequenceOptions {
  /** Probability that the truth is ever outside, over all looks together. */
  readonly alpha: number;
  /**
   * The mixture's prior: where the interval is to be tightest. 1 and 1 suit any share; for rates of a per
   * cent, ½ and 20 say. The guarantee does not depend on it, but it must be fixed before the first look.
   */
  readonly prior?: { readonly successes: number; readonly failures: number };
}

const flat = { successes: 1, failures: 1 };

/**
 * Always-valid confidence sequence for a proportion: at all times at once, the truth lies inside with
 * probability 1 − alpha or more, so that one may look after every observation and stop whenever one likes. It
 * is the set of p whose beta-binomial mixture martingale B(a + s, b + n − s) / B(a, b) / (p^s (1 − p)^(n −
 * s)) stays below 1 / alpha (Ville's inequality). Depends on the two counts only: tallies of tiles and
 * replicas add up.
 * Source: Robbins (1970); Howard et al., Ann. Statist. 49 (2021), beta-binomial mixture.
 */
export function proportionSequence(tally: Tally, options: ProportionSequenceOptions): ConfidenceInterval {
  assertBetween(options.alpha, 0, 1, "alpha");
  const wealth = logWealth(tally, options.prior);
  const limit = -Math.log(options.alpha);
  const { successes, trials } = tally;
  const estimate = successes / trials;
  const centre = trials === 0 ? 0.5 : estimate;
  const lower = wealth(0) < limit ? 0 : bisectFalling((p) => wealth(p) - limit, 0, centre);
  const upper = wealth(1) < limit ? 1 : 1 - bisectFalling((q) => wealth(1 - q) - limit, 0, 1 - centre);
  return { estimate, lower, upper };
}

/** ln of the mixture martingale at p: convex, smallest at s / n. */
export function logWealth(
  { successes, trials }: Tally,
  prior: { readonly successes: number; readonly failures: number } = flat,
): (p: number) => number {
  const failures = trials - successes;
  if (!(successes >= 0 && failures >= 0)) {
    throw new StatisticsError("OUT_OF_RANGE", `${successes} successes of ${trials} trials`);
  }
  if (!(prior.successes > 0 && prior.failures > 0)) {
    throw new StatisticsError("OUT_OF_RANGE", "the prior's successes and failures must be positive");
  }
  const mixture =
    logBeta(prior.successes + successes, prior.failures + failures) -
    logBeta(prior.successes, prior.failures);
  return (p) => mixture - term(successes, Math.log(p)) - term(failures, Math.log1p(-p));
}

/** 0 · ln 0 = 0: what never happened cannot speak against p = 0. */
function term(count: number, logarithm: number): number {
  return count === 0 ? 0 : count * logarithm;
}

export const proportionSequenceTest: StatisticalTest = {
  name: "proportion-sequence",
  title: "Confidence sequence for a proportion (beta-binomial mixture)",
  family: "sequential",
  takes: ["counts"],
  values: ["binary"],
  larger: "wider",
  formula: "{p: B(a + s, b + n − s) / B(a, b) / (p^s (1 − p)^(n − s)) < 1 / α}",
  unit: "share",
  range: [0, 1],
  minimumValues: 1,
  validity: "independent trials of one p; exact at every look, however often",
  source: "Robbins (1970); Howard et al. (2021)",
};

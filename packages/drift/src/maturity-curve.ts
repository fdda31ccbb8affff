import { labelSources, type LabelSource } from "@tollgate/contracts";
import type { DriftCounters } from "./drift-counters.ts";
import { labelDelayBins, labelDelayEdgesMs } from "./label-delay.ts";
import { driftLimits } from "./limits.ts";

/** Share of the labels of fraud that have arrived by each age of their transaction. */
export interface MaturityCurve {
  readonly source: LabelSource | "all";
  /** Ascending ages, and the share at each; the last share is 1: what comes later has never been seen. */
  readonly agesMs: readonly number[];
  readonly shares: readonly number[];
  readonly labels: number;
}

const { hourMs } = driftLimits;
const bins = labelDelayBins.centres.length;

/**
 * Maturity of labels by chain-ladder: the share that arrives between two ages is asked only of tiles that are
 * old enough to have seen both, so that young tiles do not pass for complete ones. It is the product-limit
 * (Kaplan-Meier) estimate of right-truncated delays. One curve for each source and one for all.
 * Source: Mack, ASTIN Bulletin 23 (1993); Lynden-Bell (1971).
 */
export function maturityCurves(
  counters: DriftCounters,
  { segment, nowMs }: { readonly segment: number; readonly nowMs: number },
): readonly MaturityCurve[] {
  const tiles = gather(counters, segment);
  return (["all", ...labelSources] as const).map((source) => {
    const sources = source === "all" ? labelSources.map((_, place) => place) : [labelSources.indexOf(source)];
    const of = tiles.map(({ startMs, counts }) => ({
      ageMs: nowMs - (startMs + hourMs),
      byBin: Array.from({ length: bins }, (_, bin) =>
        sources.reduce((sum, place) => sum + (counts[place * bins + bin] ?? 0), 0),
      ),
    }));
    const labels = of.reduce((sum, { byBin }) => sum + byBin.reduce((total, count) => total + count, 0), 0);
    return { source, agesMs: labelDelayEdgesMs, shares: sharesOf(of), labels };
  });
}

/**
 * The share that has arrived at an age, between the curve's points by a straight line; NaN without labels.
 */
export function maturityAt({ agesMs, shares, labels }: MaturityCurve, ageMs: number): number {
  if (labels === 0) return Number.NaN;
  let [leftAge, leftShare] = [0, 0];
  for (const [place, age] of agesMs.entries()) {
    const share = shares[place] ?? 1;
    if (ageMs <= age)
      return leftShare + ((share - leftShare) * Math.max(0, ageMs - leftAge)) / (age - leftAge);
    [leftAge, leftShare] = [age, share];
  }
  return leftShare;
}

interface AgedTile {
  readonly ageMs: number;
  readonly byBin: readonly number[];
}

/**
 * From the oldest age backwards: F(j − 1) = F(j) · (labels up to j − 1) / (labels up to j), in tiles of age
 * j.
 */
function sharesOf(tiles: readonly AgedTile[]): readonly number[] {
  const shares = labelDelayEdgesMs.map(() => 1);
  for (let bin = shares.length - 1; bin > 0; bin -= 1) {
    const oldEnough = tiles.filter(({ ageMs }) => ageMs >= (labelDelayEdgesMs[bin] ?? Infinity));
    const upTo = (last: number): number =>
      oldEnough.reduce(
        (sum, { byBin }) => sum + byBin.slice(0, last + 1).reduce((total, count) => total + count, 0),
        0,
      );
    const whole = upTo(bin);
    shares[bin - 1] = (shares[bin] ?? 1) * (whole > 0 ? upTo(bin - 1) / whole : 1);
  }
  return shares;
}

function gather(
  counters: DriftCounters,
  segment: number,
): readonly { readonly startMs: number; readonly counts: Float64Array }[] {
  const { delaysByEvent } = counters.layout.sums;
  const firstMs = Math.floor(counters.oldestMs / hourMs) * hourMs;
  const tiles = [];
  for (let startMs = firstMs; startMs <= counters.newestMs; startMs += hourMs) {
    const window = counters.window({ segment, fromMs: startMs, untilMs: startMs + hourMs });
    const counts = window.sums.slice(delaysByEvent, delaysByEvent + labelSources.length * bins);
    if (counts.some((count) => count > 0)) tiles.push({ startMs, counts });
  }
  return tiles;
}

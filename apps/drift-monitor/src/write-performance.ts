import { setImmediate } from "node:timers/promises";
import {
  businessFigures,
  decisionsOf,
  estimatedPerformance,
  falsePositiveRateRatios,
  maturityAt,
  maturityCurves,
  realisedPerformance,
  segmentNames,
  windowStart,
  type BusinessCosts,
  type MaturityCurve,
  type WindowCounts,
} from "@tollgate/drift";
import type { ClientBase } from "pg";
import { driftMonitorLimits } from "./limits.ts";
import { writeDays, writeMaturity, type DayFigures, type PerformanceDay } from "./store/performance-store.ts";
import type { WatchedVersion } from "./watched-version.ts";

const dayMs = 86_400_000;

/** Figures of the days whose labels may still be on their way, made anew: labels change the past. */
export async function writePerformance(
  client: ClientBase,
  version: WatchedVersion,
  options: { readonly watermarkMs: number; readonly costs: BusinessCosts },
): Promise<void> {
  const { counters, model, profile } = version;
  if (!Number.isFinite(counters.oldestMs)) return;
  const nowMs = options.watermarkMs;
  const curves = maturityCurves(counters, { segment: 0, nowMs });
  const today = windowStart("day", nowMs);
  const first = Math.max(
    windowStart("day", counters.oldestMs),
    today - driftMonitorLimits.performanceDays * dayMs,
  );
  const names = segmentNames(profile);
  const days: Omit<PerformanceDay, "model">[] = [];
  let mature: { readonly fromMs: number; readonly untilMs: number } | undefined;
  for (let fromMs = first; fromMs <= today; fromMs += dayMs) {
    // So that heartbeats and probes come in between.
    await setImmediate();
    const maturity = maturityOf(curves, nowMs - (fromMs + dayMs));
    for (const [segment, name] of names.entries()) {
      const window = counters.window({ segment, fromMs, untilMs: fromMs + dayMs });
      const figures = figuresOf(window, maturity, options.costs);
      if (figures.decisions > 0) days.push({ segment: name, dayMs: fromMs, figures });
      if (segment === 0 && figures.status === "mature") {
        mature = { fromMs: mature?.fromMs ?? fromMs, untilMs: fromMs + dayMs };
      }
    }
  }
  await writeDays(client, model, days);
  const windowOf = (segment: number): WindowCounts =>
    counters.window({ segment, ...(mature ?? { fromMs: first, untilMs: first }) });
  const segments = names.slice(1).map((name, place) => ({ name, window: windowOf(place + 1) }));
  const ratios = mature === undefined ? [] : falsePositiveRateRatios(windowOf(0), segments);
  await writeMaturity(client, model, { curves, falsePositiveRateRatios: ratios });
}

/** Of a day that ended so long ago. */
function maturityOf(curves: readonly MaturityCurve[], ageMs: number): number {
  const all = curves.find(({ source }) => source === "all");
  return all === undefined ? Number.NaN : maturityAt(all, Math.max(0, ageMs));
}

function figuresOf(window: WindowCounts, maturity: number, costs: BusinessCosts): DayFigures {
  const { status, decisions, frauds, ...realised } = realisedPerformance(window, { maturity });
  const estimated = decisionsOf(window) === 0 ? null : estimatedPerformance(window);
  return {
    decisions,
    frauds,
    status,
    maturity,
    realised: {
      averagePrecision: realised.averagePrecision.value,
      areaUnderRoc: realised.areaUnderRoc.value,
      recall: realised.recall,
      precision: realised.precision,
      falsePositiveRate: realised.falsePositiveRate,
      alertRate: realised.alertRate,
      calibrationError: realised.calibrationError,
    },
    estimated:
      estimated === null
        ? null
        : {
            averagePrecision: estimated.averagePrecision,
            areaUnderRoc: estimated.areaUnderRoc,
            recall: estimated.recall,
            precision: estimated.precision,
            falsePositiveRate: estimated.falsePositiveRate,
          },
    business: businessFigures(window, costs),
  };
}

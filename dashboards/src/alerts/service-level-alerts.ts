import type { Alert, Promises } from "./alert.ts";
import { alertLimits } from "./limits.ts";
import { serviceLevels, type ServiceLevel } from "./service-level-indicators.ts";

/** For each promise: one alert that wakes somebody, one for the daytime (multi-window, multi-burn-rate). */
export function serviceLevelAlerts(promises: Promises): readonly Alert[] {
  return serviceLevels(promises).flatMap((level) => [burnAlert(level, "fast"), burnAlert(level, "slow")]);
}

function burnAlert(level: ServiceLevel, pace: "fast" | "slow"): Alert {
  const conditions = alertLimits.burnRates[pace].map(({ factor, long, short }) => {
    const threshold = rounded(factor * level.budgetShare);
    // The short window ends the alert soon after the fault has ended.
    return `(${level.recorded(long)} > ${threshold} and ${level.recorded(short)} > ${threshold})`;
  });
  const span = pace === "fast" ? "hours" : "days";
  const allowed = rounded(level.budgetShare * 100);
  return {
    name: `Scoring${capitalised(level.name)}Burn${capitalised(pace)}`,
    severity: pace === "fast" ? "page" : "ticket",
    expression: conditions.join("\nor\n"),
    holdsFor: pace === "fast" ? "2m" : "15m",
    summary: `{{ $value | humanizePercentage }} of scoring requests ${level.badRequest}; ${allowed}% may`,
    impact: `At this pace the error budget of 30 days is used up within ${span}.`,
    dashboard: "tollgate-scoring",
    labels: { slo: level.name },
  };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** 14.4 × (1 − 0.999) is 0.0144, not 0.014400000000000013. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

import { driftStatuses, type DriftVerdict } from "@tollgate/contracts";
import type { Logger } from "@tollgate/runtime";
import type { Gauge, Telemetry } from "@tollgate/telemetry";
import type { Pool } from "pg";
import { driftMonitorLimits } from "./limits.ts";
import { oddityReasons } from "./oddity-reasons.ts";
import { findDays, findMaturity, type PerformanceDay } from "./store/performance-store.ts";
import { showSegments } from "./show-segments.ts";
import { nameOf } from "./store/tile-delta.ts";
import { latestVerdicts } from "./store/verdict-store.ts";

export interface ShownParts {
  readonly pool: Pool;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Keeps the gauges at what PostgreSQL holds, so that every monitor shows the same, whichever judges. */
export function showMetrics(parts: ShownParts): { stop(): Promise<void> } {
  /** Gauges of findings, to be set back when the finding is gone. */
  const raised = new Set<Gauge>();
  let showing: Promise<void> = Promise.resolve();
  let busy = false;
  const show = async (): Promise<void> => {
    busy = true;
    try {
      showVerdicts(await latestVerdicts(parts.pool), parts.telemetry, raised);
      const days = await findDays(parts.pool, {});
      showPerformance(days, parts.telemetry);
      showSegments(days, await findMaturity(parts.pool), parts.telemetry);
      await showCounts(parts);
    } catch (error) {
      parts.logger.warn("drift-metrics-not-read", { message: (error as Error).message });
    }
    busy = false;
  };
  const timer = setInterval(() => {
    if (!busy) showing = show();
  }, driftMonitorLimits.metricsEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      await showing;
    },
  };
}

function showVerdicts(verdicts: readonly DriftVerdict[], { metrics }: Telemetry, raised: Set<Gauge>): void {
  for (const gauge of raised) gauge.set(0);
  raised.clear();
  for (const { model, segment, window, status, findings } of verdicts) {
    if (segment !== "all") continue;
    const labels = { model: model.name, version: String(model.version), window: window.kind };
    for (const one of driftStatuses)
      metrics.driftStatus({ ...labels, status: one }).set(one === status ? 1 : 0);
    for (const { feature, effect, status: found } of findings) {
      const alarm = metrics.driftAlarm({ ...labels, feature });
      const score = metrics.driftScore({ ...labels, feature });
      alarm.set(found === "drifted" ? 1 : 0.5);
      score.set(effect);
      raised.add(alarm).add(score);
    }
  }
}

const maturityDays = 7;

function showPerformance(days: readonly PerformanceDay[], { metrics }: Telemetry): void {
  const ofAll = days.filter(({ segment }) => segment === "all");
  for (const [, own] of Map.groupBy(ofAll, ({ model }) => nameOf(model))) {
    const [first] = own;
    if (first === undefined) continue;
    const labels = { model: first.model.name, version: String(first.model.version) };
    // The latest day is still running.
    const estimated = own.at(-2)?.figures.estimated?.recall ?? null;
    if (estimated !== null) metrics.estimatedRecall(labels).set(estimated);
    const mature = own.findLast(({ figures }) => figures.status === "mature");
    const realised = mature?.figures.realised.recall ?? null;
    if (realised !== null) metrics.realisedRecall(labels).set(realised);
    const maturity = own.at(-1 - maturityDays)?.figures.maturity ?? null;
    if (maturity !== null) metrics.labelMaturity(labels).set(maturity);
  }
}

async function showCounts({ pool, telemetry }: ShownParts): Promise<void> {
  const oddities = await pool.query<{ reason: string; count: string }>(
    "select reason, count from drift.oddities",
  );
  const counts = new Map(oddities.rows.map(({ reason, count }) => [reason, Number(count)]));
  // Those that never were are shown as 0: only so is the first one a step that an alert can see.
  for (const reason of oddityReasons)
    telemetry.metrics.driftOddities({ reason }).set(counts.get(reason) ?? 0);
  const waiting = await pool.query<{ count: string }>("select count(*) from drift.waiting_labels");
  telemetry.metrics.driftWaitingLabels().set(Number(waiting.rows[0]?.count ?? 0));
}

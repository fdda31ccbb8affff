import { repositoryRoot } from "@tollgate/local-stack";
import { figuresReport, type FiguresReport } from "@tollgate/runtime";
import { readAppMetrics } from "./app-metrics.ts";
import { driftWindowsText } from "./drift-windows.ts";
import type { DemoOptions } from "./demo-options.ts";
import { warmUpSeconds, type RunningDemo } from "./run-demo.ts";
import type { SimulatorProgress } from "./simulator-process.ts";
import { agree, type ThreeSides } from "./three-sides.ts";

export interface DemoSummary {
  readonly passed: boolean;
  readonly lines: readonly string[];
  readonly json: FiguresReport;
}

/** What came of the demo: the three counts, and whether anything was lost. */
export async function summarise(run: {
  readonly running: RunningDemo;
  readonly options: DemoOptions;
  readonly sides: ThreeSides;
  readonly seconds: number;
  readonly startupSeconds: number;
}): Promise<DemoSummary> {
  const { running, sides, seconds } = run;
  const { tally } = running;
  const progress = running.simulator.progress();
  const metrics = await readAppMetrics(running.metricsUrls);
  const failed = failedOf(progress);
  const passed = sides.sent > 0 && agree(sides) && failed === 0;
  const labelledFraud = tally.fraudCaught + tally.fraudMissed;
  const lines = [
    "",
    `transactions sent       ${sides.sent}  (${progress?.sentKafka ?? 0} by Kafka, ` +
      `${progress?.acceptedHttp ?? 0} by HTTP, ${failed} refused)`,
    `decisions recorded      ${sides.decided}  (${tally.repeated} records beyond the first)`,
    `rows in PostgreSQL      ${sides.archived}`,
    `decisions               ${tally.approved} approve, ${tally.reviewed} review, ${tally.declined} decline`,
    `labelled fraud          ${labelledFraud}: ${tally.fraudCaught} caught, ${tally.fraudMissed} missed`,
    `HTTP latency            p50 ${text(progress?.httpMs.p50)} ms, p99 ${text(progress?.httpMs.p99)} ms ` +
      `(from second ${warmUpSeconds(run.options)} on)`,
    `drift windows           ${await driftWindowsText(running.postgres)}`,
    `degraded decisions      ${metrics.degraded}`,
    `time                    ${run.startupSeconds.toFixed(1)} s to start, ${seconds.toFixed(1)} s of flow, ` +
      `${Math.round(sides.decided / seconds)} transactions/s`,
    ...(failed > 0 ? [`last refusal            ${progress?.lastFailure ?? "no reason known"}`] : []),
    "",
    passed
      ? "Nothing was lost: sent = recorded = archived."
      : "FAILED: sent, recorded and archived differ, or a transaction was refused. Logs: .local/demo/logs",
  ];
  const figures = {
    sent: sides.sent,
    decided: sides.decided,
    archived: sides.archived,
    transactionsPerSecond: sides.decided / seconds,
    httpP50Ms: progress?.httpMs.p50 ?? null,
    httpP99Ms: progress?.httpMs.p99 ?? null,
    fraudCaught: tally.fraudCaught,
    fraudMissed: tally.fraudMissed,
    degraded: metrics.degraded,
    startupSeconds: run.startupSeconds,
  };
  const json = figuresReport({ command: "npm run demo", folder: repositoryRoot, figures, passed });
  return { passed, lines, json };
}

/** What was to be sent and was not taken, by either way. */
function failedOf(progress: SimulatorProgress | undefined): number {
  if (progress === undefined) return 0;
  return progress.failedKafka + progress.droppedKafka + progress.failedHttp + progress.droppedHttp;
}

function text(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(1);
}

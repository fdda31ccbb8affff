import { join } from "node:path";
import type { RunningStack } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { Client } from "pg";
import type { AppProcess } from "./app-process.ts";
import { createDecisionTally, type DecisionTally } from "./decision-tally.ts";
import { demoLimits } from "./demo-limits.ts";
import type { DemoOptions } from "./demo-options.ts";
import { startSimulator, type SimulatorProcess } from "./simulator-process.ts";
import { startPlatform } from "./start-platform.ts";
import { watchTopics } from "./watch-topics.ts";

/** Everything that runs during a demo. */
export interface RunningDemo {
  readonly stack: RunningStack;
  readonly apps: readonly AppProcess[];
  readonly simulator: SimulatorProcess;
  readonly postgres: Client;
  readonly tally: DecisionTally;
  readonly idPrefix: string;
  readonly decisionsTopic: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly dashboardsUrl: string;
  /** Of each app that has one, its `/metrics`. */
  readonly metricsUrls: readonly string[];
  /** Stops all of it, the last started first. Idempotent. */
  stop(): Promise<void>;
}

type Say = (line: string) => void;

/** Brings the whole platform up on this machine and lets transactions flow. */
export async function runDemo(
  options: DemoOptions,
  environment: Environment,
  say: Say,
): Promise<RunningDemo> {
  const stopping: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stopping.splice(0).toReversed()) await stopOne();
  };
  try {
    const platform = await startPlatform({
      name: "demo",
      ratePerSecond: demoLimits.ratePerSecond,
      dashboards: true,
      driftMonitor: options.driftMonitor,
      exporters: options.exporters,
      environment,
      say,
    });
    stopping.push(() => platform.stop());
    const { stack, apps, topics, idPrefix } = platform;
    const postgres = new Client({ connectionString: platform.postgresUrl });
    await postgres.connect();
    stopping.push(() => postgres.end());
    const tally = createDecisionTally({
      idPrefix,
      alertsKept: demoLimits.alertsShown,
    });
    const watch = watchTopics({ brokers: stack.service("kafka").url, topics, tally });
    stopping.push(() => watch.stop());
    const simulator = startSimulator({
      arguments: simulatorArguments(options, idPrefix),
      environment: platform.environment,
      logPath: join(platform.logFolder, "simulator.log"),
    });
    stopping.push(async () => {
      simulator.finish();
      await simulator.ended;
    });
    const { apiUrl, apiKey, dashboardsUrl, metricsUrls } = platform;
    const decisionsTopic = topics.decisions;
    const seen = { postgres, tally, idPrefix, decisionsTopic };
    return { stack, apps, simulator, ...seen, apiUrl, apiKey, dashboardsUrl, metricsUrls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** At the start of a run that is left out of its latency; a third of a short one. */
export function warmUpSeconds(options: DemoOptions): number {
  return Math.min(demoLimits.warmUpSeconds, Math.floor((options.forSeconds ?? Number.MAX_VALUE) / 3));
}

function simulatorArguments(options: DemoOptions, idPrefix: string): readonly string[] {
  const perDay = options.customers * demoLimits.transactionsPerCustomerDay;
  const speed = (options.ratePerSecond * 86_400) / perDay;
  const seconds = options.forSeconds ?? (demoLimits.endlessStreamDays * 86_400) / speed;
  return [
    "--kafka",
    "--http",
    "--split",
    String(options.httpShare),
    "--rate",
    String(options.ratePerSecond),
    "--warm-up",
    `${warmUpSeconds(options)}s`,
    "--for",
    `${Math.floor(seconds)}s`,
    "--customers",
    String(options.customers),
    "--seed",
    String(options.seed),
    "--id-prefix",
    idPrefix,
    "--labels",
    "kafka",
    "--progress",
    "json",
  ];
}

/** `npm run demo`: the whole platform on this machine, with transactions flowing through it. */
import { StackError } from "@tollgate/local-stack";
import { ConfigError } from "@tollgate/runtime";
import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { processEnvironment } from "./config.ts";
import { readAppMetrics } from "./app-metrics.ts";
import { demoLimits } from "./demo-limits.ts";
import { DemoOptionError, demoUsage, parseDemoOptions, type DemoOptions } from "./demo-options.ts";
import { progressLineOf, screenLines, type ScreenState } from "./live-screen.ts";
import { runDemo, type RunningDemo } from "./run-demo.ts";
import { summarise } from "./summarise.ts";
import { agree, archivedSoFar, countThreeSides, type ThreeSides } from "./three-sides.ts";

const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
process.on("SIGTERM", () => interruption.abort());

try {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options.help) console.info(demoUsage);
  else process.exitCode = await demo(options);
} catch (error) {
  const explained =
    error instanceof StackError || error instanceof ConfigError || error instanceof DemoOptionError;
  console.error(explained ? error.message : error);
  process.exitCode = 1;
}

async function demo(options: DemoOptions): Promise<number> {
  const startMs = performance.now();
  console.info("Tollgate demo: starting the services …");
  const running = await runDemo(options, processEnvironment(), (line) => console.info(line));
  // From here on it only watches.
  setPriority(demoLimits.streamNiceness);
  try {
    const { apiUrl, apiKey, dashboardsUrl } = running;
    console.info(`\nAPI ${apiUrl}   docs ${apiUrl}/docs   key ${apiKey}\nDashboards ${dashboardsUrl}\n`);
    const flowingMs = performance.now();
    await showUntilEnd(running);
    const sides = await drain(running);
    const seconds = (performance.now() - flowingMs) / 1000;
    const summary = await summarise({
      running,
      options,
      sides,
      seconds,
      startupSeconds: (flowingMs - startMs) / 1000,
    });
    console.info(summary.lines.join("\n"));
    if (options.json) console.info(JSON.stringify(summary.json));
    return summary.passed ? 0 : 1;
  } finally {
    await running.stop();
  }
}

/** Until the simulator has sent all it should, Ctrl-C, or a part that cannot be kept alive. */
async function showUntilEnd(running: RunningDemo): Promise<void> {
  const startMs = performance.now();
  const terminal = process.stdout.isTTY;
  let before = { atMs: startMs, decided: 0 };
  let lastLineMs = 0;
  let drawn = 0;
  const flowing = (): boolean =>
    running.simulator.running() && !interruption.signal.aborted && running.apps.every((app) => app.alive());
  while (flowing()) {
    await delay(demoLimits.screenMs);
    const nowMs = performance.now();
    const ratePerSecond = ((running.tally.decided - before.decided) * 1000) / (nowMs - before.atMs);
    before = { atMs: nowMs, decided: running.tally.decided };
    if (!terminal && nowMs - lastLineMs < demoLimits.lineMs) continue;
    lastLineMs = nowMs;
    const state = await screenState(running, { elapsedSeconds: (nowMs - startMs) / 1000, ratePerSecond });
    if (!terminal) {
      console.info(progressLineOf(state));
      continue;
    }
    const lines = screenLines(state).map((line) => line.slice(0, process.stdout.columns - 1));
    const up = drawn > 0 ? `\u001B[${drawn}A` : "";
    process.stdout.write(`${up}${lines.map((line) => `\u001B[2K${line}`).join("\n")}\n\u001B[J`);
    drawn = lines.length;
  }
  running.simulator.finish();
  await running.simulator.ended;
}

async function screenState(
  running: RunningDemo,
  moment: { readonly elapsedSeconds: number; readonly ratePerSecond: number },
): Promise<ScreenState> {
  const progress = running.simulator.progress();
  const metrics = await readAppMetrics(running.metricsUrls);
  return {
    ...moment,
    apiUrl: running.apiUrl,
    sentByKafka: progress?.sentKafka ?? 0,
    sentByHttp: progress?.acceptedHttp ?? 0,
    httpP50Ms: progress?.httpMs.p50,
    httpP99Ms: progress?.httpMs.p99,
    eventTime: (progress?.eventTime ?? "–").slice(0, 16).replace("T", " "),
    labels: progress?.labelsSent ?? 0,
    tally: running.tally,
    archived: await archivedSoFar(running.postgres, running.decisionsTopic),
    ...metrics,
    services: [
      ...running.stack.services.map((service) => ({ name: service.name, alive: service.alive(), note: "" })),
      ...running.apps.map((app) => ({
        name: app.name,
        alive: app.alive(),
        note: app.restarts() === 0 ? "" : `restarted ${app.restarts()} times`,
      })),
    ],
  };
}

/** Waits for the three sides to agree, at most {@link demoLimits.drainMs}; then they are the result. */
async function drain(running: RunningDemo): Promise<ThreeSides> {
  const endMs = performance.now() + demoLimits.drainMs;
  for (;;) {
    const progress = running.simulator.progress();
    const sent = (progress?.sentKafka ?? 0) + (progress?.acceptedHttp ?? 0);
    const sides = await countThreeSides(sent, running.tally, running);
    if (agree(sides) || performance.now() > endMs) return sides;
    await delay(demoLimits.drainPollMs);
  }
}

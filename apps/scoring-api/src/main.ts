import cluster from "node:cluster";
import { runApp, systemClock, type StartApp } from "@tollgate/runtime";
import { createTelemetry } from "@tollgate/telemetry";
import { loadConfig, processEnvironment } from "./config.ts";
import { assertNothingLeftBehind } from "./processes/outbox-folders.ts";
import { superviseProcesses } from "./processes/supervise-processes.ts";
import { serveProcess } from "./serve-process.ts";

/** With several processes this program runs once to supervise them, and once for each that serves. */
const start: StartApp = async ({ lifecycle, logger }) => {
  const config = loadConfig(processEnvironment());
  const { processes } = config;
  const clock = systemClock();
  const telemetry = createTelemetry();
  const context = { clock, logger, lifecycle, telemetry };
  if (cluster.isPrimary) {
    await assertNothingLeftBehind({ folder: config.scoring.outboxFolder, processes, clock, logger });
    if (processes > 1) return superviseProcesses({ ...context, processes });
  }
  return serveProcess(config, context);
};

await runApp("scoring-api", start);

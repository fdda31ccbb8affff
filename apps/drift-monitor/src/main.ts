import { connectKafka } from "@tollgate/event-log";
import { connectLedger } from "@tollgate/ledger-store";
import { runApp, systemClock } from "@tollgate/runtime";
import { loadEngagement } from "@tollgate/scoring";
import { createTelemetry, startProbeServer } from "@tollgate/telemetry";
import { loadConfig, processEnvironment } from "./config.ts";
import { startDriftApi } from "./drift-api.ts";
import { runDriftMonitor } from "./run-drift-monitor.ts";

await runApp("drift-monitor", async ({ lifecycle, logger }) => {
  const config = loadConfig(processEnvironment());
  const telemetry = createTelemetry();
  const engagement = await loadEngagement(config.engagement);
  const pool = connectLedger({ url: config.postgresUrl, logger });
  lifecycle.onStop("postgres", () => pool.end());
  const kafka = connectKafka({ brokers: config.brokers, clientId: "drift-monitor", logger });
  const parts = { config, engagement, pool, kafka, telemetry, logger, lifecycle, clock: systemClock() };
  const ready = await runDriftMonitor(parts);
  await startDriftApi({ ...config.api, pool, logger, lifecycle });
  await startProbeServer({
    host: config.probeHost,
    port: config.probePort,
    telemetry,
    ready,
    logger,
    lifecycle,
  });
});

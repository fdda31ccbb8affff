import { connectKafka } from "@tollgate/event-log";
import { connectLedger } from "@tollgate/ledger-store";
import { runApp, systemClock } from "@tollgate/runtime";
import { createTelemetry, openTracing, startProbeServer } from "@tollgate/telemetry";
import { loadConfig, processEnvironment } from "./config.ts";
import { runLedger } from "./run-ledger.ts";

await runApp("ledger", async ({ lifecycle, logger }) => {
  const config = loadConfig(processEnvironment());
  const clock = systemClock();
  const telemetry = createTelemetry();
  const service = "ledger";
  const tracing = await openTracing({ service, config: config.tracing, clock, logger, lifecycle });
  const pool = connectLedger({ url: config.postgresUrl, logger });
  const kafka = connectKafka({ brokers: config.brokers, clientId: service, logger });
  const ledger = runLedger({ config, pool, kafka, telemetry, tracing, logger, clock });
  await startProbeServer({
    host: config.httpHost,
    port: config.httpPort,
    telemetry,
    ready: ledger.ready,
    logger,
    lifecycle,
  });
  lifecycle.onStop("postgres", () => pool.end());
  lifecycle.onStop("ledger", () => ledger.stop());
});

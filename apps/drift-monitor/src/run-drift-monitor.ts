import { topicNames } from "@tollgate/contracts";
import { assertConsuming, createJsonProducer, runBatchConsumer, showConsumerLag } from "@tollgate/event-log";
import { createLedgerReader } from "@tollgate/ledger-store";
import type { Clock, Lifecycle, Logger } from "@tollgate/runtime";
import type { LoadedEngagement } from "@tollgate/scoring";
import type { ReadinessPart, Telemetry } from "@tollgate/telemetry";
import type { Kafka } from "kafkajs";
import type { Pool } from "pg";
import type { DriftMonitorConfig } from "./config.ts";
import { countPartitions } from "./count-partition.ts";
import { decisionRecords, labelRecords, labelledRecords } from "./count-records.ts";
import { runLeader } from "./leader.ts";
import { driftMonitorLimits } from "./limits.ts";
import { sendAlerts } from "./send-alerts.ts";
import { showMetrics } from "./show-metrics.ts";
import { applySchema } from "./store/apply-schema.ts";
import { createWatchedModels } from "./watched-models.ts";

export interface DriftMonitorParts {
  readonly config: DriftMonitorConfig;
  readonly engagement: LoadedEngagement;
  readonly pool: Pool;
  readonly kafka: Kafka;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
}

/**
 * Counts decisions and labels, judges what has changed and tells of it. With PostgreSQL or Kafka away it
 * waits: only the lag grows. Returns what readiness asks.
 */
export async function runDriftMonitor(parts: DriftMonitorParts): Promise<readonly ReadinessPart[]> {
  const { config, pool, kafka, logger, clock, lifecycle, telemetry } = parts;
  const { compiled, modelsFolder } = parts.engagement;
  await applySchemaWhenThere(parts);
  const models = createWatchedModels({
    registryFolder: config.registryFolder ?? modelsFolder,
    model: config.model,
    clock,
    logger,
  });
  const topics = topicNames(config.topicPrefix);
  const ledger = createLedgerReader(pool);
  const counting = { pool, models, engagement: compiled.engagement, logger, clock };

  const producer = createJsonProducer({ kafka, topic: topics.drift, logger });
  const admin = kafka.admin();
  const leader = runLeader({
    ...counting,
    ledger,
    producer,
    admin,
    topics,
    telemetry,
    latenessMs: config.latenessMs,
  });
  lifecycle.onStop("leader", async () => {
    await Promise.all([leader.stop(), producer.stop()]);
    await admin.disconnect();
  });
  if (config.webhook !== undefined) {
    const alerts = sendAlerts({ ...parts, webhook: config.webhook });
    lifecycle.onStop("alerts", () => alerts.stop());
  }
  const shown = showMetrics(parts);
  lifecycle.onStop("metrics", () => shown.stop());

  const consumed = {
    decisions: countPartitions(counting, decisionRecords(compiled.partitionEntity.name)),
    labelledTransactions: countPartitions(counting, labelledRecords(ledger)),
    labels: countPartitions(counting, labelRecords(ledger, clock)),
  };
  const consumers = (["decisions", "labelledTransactions", "labels"] as const).map((name) => {
    const consumer = runBatchConsumer({
      kafka,
      logger,
      clock,
      topic: topics[name],
      sessionTimeoutMs: config.sessionTimeoutMs,
      groupId: `${config.groupPrefix}.drift.${groupNames[name]}`,
      gatherBytes: driftMonitorLimits.gatherBytes,
      gatherMs: driftMonitorLimits.gatherMs,
      fetchPartitionBytes: driftMonitorLimits.fetchPartitionBytes,
      handle: consumed[name],
    });
    lifecycle.onStop(name, () => consumer.stop());
    showConsumerLag(telemetry, topics[name], consumer);
    return { name, consumer };
  });
  return [
    { name: "postgres", check: async () => void (await pool.query("select 1")) },
    { name: "judging", check: () => leader.check() },
    ...consumers.map(({ name, consumer }) => ({
      name: groupNames[name],
      check: () => assertConsuming(consumer),
    })),
  ];
}

const groupNames = {
  decisions: "decisions",
  labelledTransactions: "labelled-transactions",
  labels: "labels",
} as const;

async function applySchemaWhenThere({ pool, logger, lifecycle }: DriftMonitorParts): Promise<void> {
  while (!lifecycle.stopping) {
    try {
      return await applySchema(pool);
    } catch (error) {
      logger.warn("schema-not-ready", { message: (error as Error).message });
      await new Promise((resolve) => setTimeout(resolve, driftMonitorLimits.migrateRetryMs));
    }
  }
}

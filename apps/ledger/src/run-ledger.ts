import { topicNames } from "@tollgate/contracts";
import {
  assertConsuming,
  runBatchConsumer,
  showConsumerLag,
  type BatchConsumer,
  type ConsumedBatch,
  type HandleResult,
} from "@tollgate/event-log";
import { createLedgerWriter, migrate, type LedgerWriter, type WriteResult } from "@tollgate/ledger-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { ReadinessPart, Telemetry, Tracing } from "@tollgate/telemetry";
import type { Kafka } from "kafkajs";
import type { Pool } from "pg";
import type { LedgerConfig } from "./config.ts";
import { ledgerAppLimits } from "./limits.ts";
import { runLabelPublisher, type LabelPublisher } from "./publish-labels.ts";
import { traceArchive } from "./trace-archive.ts";

export interface LedgerParts {
  readonly config: LedgerConfig;
  readonly pool: Pool;
  readonly kafka: Kafka;
  readonly telemetry: Telemetry;
  /** Undefined while tracing is off. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Ledger {
  readonly ready: readonly ReadinessPart[];
  /** Finishes the batches in hand. */
  stop(): Promise<void>;
}

const tables = ["decisions", "labels"] as const;
type Table = (typeof tables)[number];

/** What runs once the schema is there. */
interface Running {
  readonly consumers: Map<Table, BatchConsumer>;
  publisher: LabelPublisher | undefined;
}

/**
 * Takes decisions and labels over into PostgreSQL and publishes what their meeting says. With that or Kafka
 * away it waits: only the lag grows.
 */
export function runLedger(parts: LedgerParts): Ledger {
  const running: Running = { consumers: new Map(), publisher: undefined };
  const { consumers } = running;
  let stopping = false;
  const started = startWhenMigrated(parts, running, () => stopping);
  return {
    ready: [
      { name: "postgres", check: async () => void (await parts.pool.query("select 1")) },
      { name: "kafka", check: () => tables.forEach((table) => assertConsuming(consumers.get(table))) },
      { name: "labels", check: () => running.publisher?.check() },
    ],
    async stop() {
      stopping = true;
      await started;
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()));
      await running.publisher?.stop();
    },
  };
}

async function startWhenMigrated(
  parts: LedgerParts,
  running: Running,
  isStopping: () => boolean,
): Promise<void> {
  while (!isStopping()) {
    try {
      const applied = await migrate(parts.pool);
      parts.logger.info("schema-ready", { applied: applied.join(", ") });
      break;
    } catch (error) {
      parts.logger.warn("schema-not-ready", { message: (error as Error).message });
      await new Promise((resolve) => setTimeout(resolve, ledgerAppLimits.migrateRetryMs));
    }
  }
  if (isStopping()) return;
  const writer = createLedgerWriter(parts);
  const publisher = runLabelPublisher(parts);
  running.publisher = publisher;
  for (const table of tables) {
    running.consumers.set(table, consume(table, writer, { ...parts, publisher }));
  }
}

function consume(
  table: Table,
  writer: LedgerWriter,
  parts: LedgerParts & { readonly publisher: LabelPublisher },
): BatchConsumer {
  const { config, kafka, logger, clock, publisher, telemetry } = parts;
  const topic = topicNames(config.topicPrefix)[table];
  const consumer = runBatchConsumer({
    kafka,
    logger,
    clock,
    // Two groups: kafkajs assigns every topic of a group to all of its members.
    groupId: `${config.groupPrefix}.ledger.${table}`,
    topic,
    sessionTimeoutMs: config.sessionTimeoutMs,
    gatherBytes: ledgerAppLimits.gatherBytes,
    handle: async (batch: ConsumedBatch): Promise<HandleResult> => {
      const startMicros = clock.monotonicMicros();
      const result = await (table === "decisions" ? writer.writeDecisions(batch) : writer.writeLabels(batch));
      const endMicros = clock.monotonicMicros();
      count(table, result, parts);
      if (result.resumeAt === undefined) traceArchive(parts.tracing, batch, { startMicros, endMicros });
      logArchived(table, batch, { logger, written: result.written, micros: endMicros - startMicros });
      if (result.labelled > 0) publisher.wake();
      return result.resumeAt === undefined ? undefined : { resumeAt: result.resumeAt };
    },
  });
  showConsumerLag(telemetry, topic, consumer);
  return consumer;
}

function logArchived(
  table: Table,
  { partition }: ConsumedBatch,
  { logger, ...fields }: { readonly logger: Logger; readonly written: number; readonly micros: number },
): void {
  if (logger.debugging) logger.debug("records-archived", { table, partition, ...fields });
}

function count(table: Table, result: WriteResult, { telemetry, logger }: LedgerParts): void {
  const { written, duplicates, unreadable, skipped } = result;
  telemetry.metrics.ledgerRows({ table }).add(written);
  telemetry.metrics.duplicates({ source: "ledger" }).add(duplicates + skipped);
  if (unreadable > 0) telemetry.metrics.ledgerRows({ table: "unreadable_records" }).add(unreadable);
  if (duplicates + unreadable + skipped > 0) {
    logger.warn("records-not-new", { table, duplicates, unreadable, skipped });
  }
}

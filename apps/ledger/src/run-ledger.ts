import { topicNames } from "@tollgate/contracts";
import {
  runBatchConsumer,
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

type Table = "decisions" | "labels";

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
  parts.telemetry.beforeRender(() => showLag(consumers, parts));
  return {
    ready: [
      { name: "postgres", check: async () => void (await parts.pool.query("select 1")) },
      { name: "kafka", check: () => checkConsumers(consumers) },
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
  for (const table of ["decisions", "labels"] as const) {
    running.consumers.set(table, consume(table, writer, { ...parts, publisher }));
  }
}

function consume(
  table: Table,
  writer: LedgerWriter,
  parts: LedgerParts & { readonly publisher: LabelPublisher },
): BatchConsumer {
  const { config, kafka, logger, clock, publisher } = parts;
  return runBatchConsumer({
    kafka,
    logger,
    clock,
    // Two groups: kafkajs assigns every topic of a group to all of its members.
    groupId: `${config.groupPrefix}.ledger.${table}`,
    topic: topicNames(config.topicPrefix)[table],
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

function checkConsumers(consumers: ReadonlyMap<Table, BatchConsumer>): void {
  for (const table of ["decisions", "labels"] as const) {
    if (consumers.get(table)?.healthy() !== true) throw new Error(`${table} are not being read`);
  }
}

function showLag(consumers: ReadonlyMap<Table, BatchConsumer>, { config, telemetry }: LedgerParts): void {
  for (const [table, consumer] of consumers) {
    const topic = topicNames(config.topicPrefix)[table];
    for (const [partition, lag] of consumer.lag()) {
      telemetry.metrics.consumerLag({ topic, partition: String(partition) }).set(lag);
    }
  }
}

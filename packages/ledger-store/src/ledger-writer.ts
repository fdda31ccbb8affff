import { decodeJsonValue } from "@tollgate/event-log";
import type { Clock, Logger } from "@tollgate/runtime";
import { DatabaseError, type Pool, type PoolClient } from "pg";
import { decisionTable } from "./decision-row.ts";
import { inTransaction } from "./in-transaction.ts";
import { labelTable } from "./label-row.ts";
import type { LedgerTable, LogPosition } from "./ledger-table.ts";
import { lockNextOffset, setNextOffset, type PartitionName } from "./partition-progress.ts";
import { keepUnreadable, type UnreadableRecord } from "./unreadable-records.ts";

/** Consecutive records of one partition, in order. */
export interface LogBatch extends PartitionName {
  readonly messages: readonly { readonly offset: bigint; readonly value: Buffer | null }[];
}

export interface WriteResult {
  readonly written: number;
  /** The transaction (or label) was in the ledger already; the first one stays. */
  readonly duplicates: number;
  readonly unreadable: number;
  /** Delivered again: below the ledger's own progress. */
  readonly skipped: number;
  /** Labelled transactions that are to be published now: label and decision are both there. */
  readonly labelled: number;
  /** The batch starts beyond the ledger's progress and nothing was written: read again from here. */
  readonly resumeAt?: bigint;
}

/** Takes batches of the log over, exactly once: rows and progress are one transaction. */
export interface LedgerWriter {
  writeDecisions(batch: LogBatch): Promise<WriteResult>;
  writeLabels(batch: LogBatch): Promise<WriteResult>;
}

interface WriterContext {
  readonly pool: Pool;
  readonly logger: Logger;
  /** The progress at which a partition was asked to be read again, to tell a gap that stays. */
  readonly resumedAt: Map<string, bigint>;
}

export function createLedgerWriter(options: {
  readonly pool: Pool;
  readonly logger: Logger;
  /** Labels from its future are refused. */
  readonly clock: Clock;
}): LedgerWriter {
  const { pool, logger } = options;
  const context: WriterContext = { pool, logger, resumedAt: new Map() };
  const labels = labelTable(options.clock);
  return {
    writeDecisions: (batch) => writeBatch(batch, decisionTable, context),
    writeLabels: (batch) => writeBatch(batch, labels, context),
  };
}

async function writeBatch<Row extends object>(
  batch: LogBatch,
  table: LedgerTable<Row>,
  context: WriterContext,
): Promise<WriteResult> {
  try {
    return await inTransaction(context.pool, (client) =>
      takeOver(client, batch, table, context, insertTogether),
    );
  } catch (error) {
    // One row that PostgreSQL refuses must not hold up the rest: each by itself, the bad one kept aside.
    if (!isDataException(error)) throw error;
    return inTransaction(context.pool, (client) => takeOver(client, batch, table, context, insertOneByOne));
  }
}

type Insert = <Row extends object>(
  client: PoolClient,
  found: readonly Found<Row>[],
  table: LedgerTable<Row>,
) => Promise<Inserted>;

interface Inserted {
  readonly written: number;
  readonly refused: readonly UnreadableRecord[];
}

/** A record that became a row, with its bytes. */
interface Found<Row> {
  readonly row: Row;
  readonly position: LogPosition;
  readonly value: Buffer | null;
}

async function takeOver<Row extends object>(
  client: PoolClient,
  batch: LogBatch,
  table: LedgerTable<Row>,
  context: WriterContext,
  insert: Insert,
): Promise<WriteResult> {
  const next = await lockNextOffset(client, batch);
  const fresh = batch.messages.filter((message) => message.offset >= next);
  const skipped = batch.messages.length - fresh.length;
  const first = fresh[0];
  const last = fresh.at(-1);
  const nothing = { written: 0, duplicates: 0, unreadable: 0, skipped, labelled: 0 };
  if (first === undefined || last === undefined) return nothing;
  if (first.offset > next && !gapStays(batch, next, first.offset, context))
    return { ...nothing, resumeAt: next };

  const { found, unreadable } = readRows({ ...batch, messages: fresh }, table);
  const { written, refused } =
    found.length > 0 ? await insert(client, found, table) : { written: 0, refused: [] };
  for (const record of [...unreadable, ...refused]) await keepUnreadable(client, record);
  await setNextOffset(client, batch, last.offset + 1n);
  // Last: what it locks is held until the commit.
  const rows = found.map(({ row }) => row);
  const labelled = rows.length > 0 ? await table.match(client, rows) : 0;
  const duplicates = found.length - refused.length - written;
  return { written, duplicates, unreadable: unreadable.length + refused.length, skipped, labelled };
}

/** True when the partition was read again from there and still starts later: the log itself has lost them. */
function gapStays(batch: LogBatch, next: bigint, first: bigint, context: WriterContext): boolean {
  const { topic, partition } = batch;
  const name = `${topic}/${partition}`;
  if (context.resumedAt.get(name) !== next) {
    context.resumedAt.set(name, next);
    return false;
  }
  const missing = Number(first - next);
  context.logger.error("ledger-gap", {
    topic,
    partition,
    missing,
    from: next.toString(),
    to: first.toString(),
  });
  return true;
}

function readRows<Row extends object>(
  batch: LogBatch,
  table: LedgerTable<Row>,
): { readonly found: readonly Found<Row>[]; readonly unreadable: readonly UnreadableRecord[] } {
  const found: Found<Row>[] = [];
  const unreadable: UnreadableRecord[] = [];
  const { topic, partition } = batch;
  for (const { offset, value } of batch.messages) {
    const position = { topic, partition, offset };
    const decoded = decodeJsonValue(value);
    const row = decoded.ok ? table.readRow(decoded.value, decoded.text, position) : decoded.message;
    if (typeof row === "string") unreadable.push({ position, value, reason: row });
    else found.push({ row, position, value });
  }
  return { found, unreadable };
}

const insertTogether: Insert = async (client, found, table) => {
  const written = await table.insert(
    client,
    found.map(({ row }) => row),
  );
  return { written, refused: [] };
};

const insertOneByOne: Insert = async (client, found, table) => {
  const refused: UnreadableRecord[] = [];
  let written = 0;
  for (const { row, position, value } of found) {
    await client.query("savepoint one_row");
    try {
      written += await table.insert(client, [row]);
      await client.query("release savepoint one_row");
    } catch (error) {
      if (!isDataException(error)) throw error;
      await client.query("rollback to savepoint one_row");
      refused.push({ position, value, reason: error.message });
    }
  }
  return { written, refused };
};

/** SQLSTATE class 22: the data itself is at fault (a NUL in a text, a date that does not exist). */
function isDataException(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.code?.startsWith("22") === true;
}

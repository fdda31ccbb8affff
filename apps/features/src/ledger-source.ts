import type { LogRecord, LogSink, OpenLogSource } from "@tollgate/feature-replay";
import type { Pool, PoolClient } from "pg";
import { featuresLimits } from "./limits.ts";

/**
 * The log as the ledger archived it: one snapshot, so rows and progress belong together. What came after is
 * left to the live applier. Of a decision that stands in the log twice the ledger has the first.
 */
export function ledgerSource(pool: Pool, topic: string): OpenLogSource {
  return async (sink) => {
    const connection = await pool.connect();
    await connection.query("begin isolation level repeatable read read only");
    // The first row comes after all are sorted.
    await connection.query("set local statement_timeout = 0");
    const positions = await readPositions(connection, topic);
    let remaining = await countRows(connection);
    let closed = false;
    return {
      remaining: async () => remaining,
      async readToEnd() {
        if (remaining === 0) return;
        await readDecisions(connection, sink);
        await readLabels(connection, sink);
        remaining = 0;
      },
      positions: () => positions,
      async close() {
        if (closed) return;
        closed = true;
        connection.release(true);
        await pool.end();
      },
    };
  };
}

async function readPositions(connection: PoolClient, topic: string): Promise<ReadonlyMap<number, number>> {
  const { rows } = await connection.query<{ partition: number; next_offset: string }>(
    "select partition, next_offset from consumer_offsets where topic = $1",
    [topic],
  );
  return new Map(rows.map((row) => [row.partition, Number(row.next_offset)]));
}

async function countRows(connection: PoolClient): Promise<number> {
  const { rows } = await connection.query<{ count: string }>(
    "select (select count(*) from decisions) + (select count(*) from labelled_transactions) as count",
  );
  return Number(rows[0]?.count ?? 0);
}

interface DecisionText {
  readonly partition: number;
  readonly log_offset: string;
  readonly text: string;
}

async function readDecisions(connection: PoolClient, sink: LogSink): Promise<void> {
  const query =
    "select partition, log_offset, record::text as text from decisions order by partition, log_offset";
  for await (const rows of pages<DecisionText>(connection, query)) {
    const byPartition = Map.groupBy(rows, ({ partition }) => partition);
    for (const [partition, own] of byPartition) {
      await sink.decisions(
        partition,
        own.map((row) => ({ offset: Number(row.log_offset), value: Buffer.from(row.text) })),
      );
    }
  }
}

/** As `fraud.labelled-transactions.v1` has them. */
const labelsQuery = `
  select t.sequence, json_build_object(
    'schema', 'tollgate.labelled-transaction.v1', 'sequence', t.sequence,
    'label', json_build_object('labelId', t.label_id, 'transactionId', t.transaction_id, 'fraud', t.fraud,
      'source', t.source,
      'labelledAt', to_char(t.labelled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    'partitionKey', d.record ->> 'partitionKey',
    'matchedAt', to_char(t.matched_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'transaction', d.record -> 'transaction')::text as text
  from labelled_transactions t join decisions d using (transaction_id) order by t.sequence`;

async function readLabels(connection: PoolClient, sink: LogSink): Promise<void> {
  for await (const rows of pages<{ sequence: string; text: string }>(connection, labelsQuery)) {
    const records = rows.map((row): LogRecord => ({
      offset: Number(row.sequence),
      value: Buffer.from(row.text),
    }));
    await sink.labels(records);
  }
}

async function* pages<Row extends object>(connection: PoolClient, query: string): AsyncGenerator<Row[]> {
  await connection.query(`declare pages no scroll cursor for ${query}`);
  for (;;) {
    const { rows } = await connection.query<Row>(`fetch ${featuresLimits.ledgerRows} from pages`);
    if (rows.length === 0) break;
    yield rows;
  }
  await connection.query("close pages");
}

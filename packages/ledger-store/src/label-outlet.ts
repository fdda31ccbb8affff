import type { Label, LabelledTransaction } from "@tollgate/contracts";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "./in-transaction.ts";
import { ledgerLimits } from "./limits.ts";
import { matchingLock } from "./match-labels.ts";

/** Any number, the same in every ledger: the advisory lock of the one that publishes. */
const publisherLock = 7_041_657;

/** A labelled transaction to publish, and how late its label came. */
export interface UnpublishedLabel {
  readonly record: LabelledTransaction;
  /** From the transaction to its label, in event time. */
  readonly labelDelayMs: number;
}

/** What is kept of a labelled transaction that is in the topic. */
export type PublishedLabel = Pick<LabelledTransaction, "sequence" | "label" | "matchedAt">;

/** The numbers of the labelled transactions: the next to give and the next to publish. */
export interface LabelledProgress {
  readonly nextSequence: number;
  readonly nextToPublish: number;
}

/** What the one ledger that publishes labelled transactions does; ends with its connection. */
export interface LabelOutlet {
  /** The next in order, at most {@link ledgerLimits.publishRecords}; empty when all are published. */
  unpublished(): Promise<readonly UnpublishedLabel[]>;
  /** @param next everything before it is acknowledged by Kafka. */
  published(next: number): Promise<void>;
}

/**
 * Runs the work while no other ledger publishes; false when another does. The lock lives as long as the
 * connection: once that is lost, this publisher cannot note its progress and goes no further.
 */
export async function asPublisher(
  pool: Pool,
  work: (outlet: LabelOutlet) => Promise<void>,
): Promise<boolean> {
  const client = await pool.connect();
  // Between two queries a lost connection is only an event; the next query tells.
  const onError = (): void => {};
  client.on("error", onError);
  try {
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [
      publisherLock,
    ]);
    if (rows[0]?.mine !== true) return false;
    await work({
      unpublished: () => readUnpublished(client),
      published: (next) => notePublished(client, next),
    });
    return true;
  } finally {
    client.off("error", onError);
    // Closed rather than given back: with it goes the lock, whatever state it is in.
    client.release(true);
  }
}

/** Null until the topic was looked at for the first time. */
export async function readLabelledProgress(pool: Pool): Promise<LabelledProgress | null> {
  const { rows } = await pool.query<{ next_sequence: string; next_to_publish: string }>(
    "select next_sequence, next_to_publish from labelled_progress",
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { nextSequence: Number(row.next_sequence), nextToPublish: Number(row.next_to_publish) };
}

/**
 * Takes over what the topic holds and this database does not: it was made anew, or is a backup. From then on
 * labels are matched.
 * @param records from the topic, in order, all that were not published as far as this database knows.
 * @throws when the database has given a number of the topic's to another change: it must be made anew.
 */
export async function adoptPublished(pool: Pool, records: readonly PublishedLabel[]): Promise<number> {
  return inTransaction(pool, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [matchingLock]);
    await client.query("insert into labelled_progress values (true, 0, 0) on conflict do nothing");
    const { rows } = await client.query<{ next_sequence: string }>(
      "select next_sequence from labelled_progress for update",
    );
    const known = Number(rows[0]?.next_sequence ?? 0);
    const next = records.reduce((most, { sequence }) => Math.max(most, sequence + 1), 0);
    await assertSame(
      client,
      records.filter(({ sequence }) => sequence < known),
    );
    const missing = records.filter(({ sequence }) => sequence >= known);
    for (let at = 0; at < missing.length; at += ledgerLimits.publishRecords) {
      await adopt(client, missing.slice(at, at + ledgerLimits.publishRecords));
    }
    await client.query(
      `update labelled_progress
       set next_sequence = greatest(next_sequence, $1), next_to_publish = greatest(next_to_publish, $1)`,
      [next],
    );
    return missing.length;
  });
}

async function assertSame(client: PoolClient, records: readonly PublishedLabel[]): Promise<void> {
  const { rows } = await client.query<{ sequence: string; label_id: string }>(
    "select sequence, label_id from labelled_transactions where sequence = any($1::bigint[])",
    [records.map(({ sequence }) => sequence)],
  );
  const labelIds = new Map(rows.map((row) => [Number(row.sequence), row.label_id]));
  for (const { sequence, label } of records) {
    if (labelIds.get(sequence) === label.labelId) continue;
    throw new Error(
      `labelled transaction ${sequence} is another in the topic (label ${label.labelId}) than in the ` +
        `database (label ${labelIds.get(sequence)}): the database is older than the topic. ` +
        "Stop every ledger and give them an empty database: it is filled from the log.",
    );
  }
}

async function adopt(client: PoolClient, records: readonly PublishedLabel[]): Promise<void> {
  // A number comes again where a publisher crashed before it noted what Kafka had.
  await client.query(
    `insert into labelled_transactions
     select * from unnest(
       $1::bigint[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::timestamptz[], $7::timestamptz[]
     )
     on conflict do nothing`,
    [
      records.map(({ sequence }) => sequence),
      records.map(({ label }) => label.transactionId),
      records.map(({ label }) => label.labelId),
      records.map(({ label }) => label.fraud),
      records.map(({ label }) => label.source),
      records.map(({ label }) => label.labelledAt),
      records.map(({ matchedAt }) => matchedAt),
    ],
  );
}

interface UnpublishedRow {
  readonly sequence: string;
  readonly transaction_id: string;
  readonly label_id: string;
  readonly fraud: boolean;
  readonly source: Label["source"];
  readonly labelled_at: Date;
  readonly matched_at: Date;
  readonly pattern: string | null;
  readonly occurred_at: Date;
  readonly partition_key: string;
  readonly transaction: unknown;
}

const unpublishedSql = `
  select
    t.sequence, t.transaction_id, t.label_id, t.fraud, t.source, t.labelled_at, t.matched_at, l.pattern,
    d.occurred_at, d.record ->> 'partitionKey' as partition_key, d.record -> 'transaction' as transaction
  from labelled_progress p
  join labelled_transactions t on t.sequence >= p.next_to_publish
  join decisions d using (transaction_id)
  left join labels l using (label_id)
  order by t.sequence
  limit $1`;

async function readUnpublished(client: PoolClient): Promise<readonly UnpublishedLabel[]> {
  const { rows } = await client.query<UnpublishedRow>({
    name: "unpublished",
    text: unpublishedSql,
    values: [ledgerLimits.publishRecords],
  });
  return rows.map((row) => ({
    labelDelayMs: row.labelled_at.getTime() - row.occurred_at.getTime(),
    record: {
      schema: "tollgate.labelled-transaction.v1",
      sequence: Number(row.sequence),
      label: {
        labelId: row.label_id,
        transactionId: row.transaction_id,
        fraud: row.fraud,
        source: row.source,
        labelledAt: row.labelled_at.toISOString(),
        ...(row.pattern === null ? {} : { pattern: row.pattern }),
      },
      partitionKey: row.partition_key,
      matchedAt: row.matched_at.toISOString(),
      transaction: row.transaction,
    },
  }));
}

/** Only ever forward: a publisher that lost its lock may speak after its successor. */
async function notePublished(client: PoolClient, next: number): Promise<void> {
  await client.query("update labelled_progress set next_to_publish = greatest(next_to_publish, $1)", [next]);
}

import type { Label } from "@tollgate/contracts";
import type { Pool } from "pg";
import type { OddityReason } from "../oddity-reasons.ts";
import { packTiles } from "./pack-tiles.ts";
import type { TileDelta } from "./tile-delta.ts";

/** A stretch of one partition, and everything that counting it brought. */
export interface CountedStretch {
  readonly topic: string;
  readonly partition: number;
  /** Where it begins: the partition must stand there, or nothing is written. */
  readonly fromOffset: bigint;
  readonly nextOffset: bigint;
  /** Of a topic whose records are numbered: the next number that was not counted; else 0. */
  readonly nextSequence: number;
  /** Latest event time in it; null where it has none. */
  readonly newestMs: number | null;
  readonly deltas: readonly TileDelta[];
  readonly unreferenced: readonly UnreferencedDay[];
  readonly oddities: readonly Oddity[];
  readonly waitingLabels: readonly Label[];
}

/** Decisions of a model version without a reference, on one day of event time (UTC). */
export interface UnreferencedDay {
  readonly model: string;
  readonly version: number;
  readonly dayMs: number;
  readonly reason: string;
  readonly approve: number;
  readonly review: number;
  readonly decline: number;
}

/** Records of one kind that could not be counted as what they should be. */
export interface Oddity {
  readonly reason: OddityReason;
  readonly count: number;
  /** Place of the latest one: `topic/partition@offset`, and what is wrong with it. */
  readonly example: string;
}

/** How far a partition has been counted. */
export interface PartitionProgress {
  readonly partition: number;
  readonly nextOffset: bigint;
  readonly newestMs: number | null;
}

/** Where counting goes on. */
export type PartitionPosition = Pick<CountedStretch, "nextOffset" | "nextSequence">;

export async function readPosition(
  pool: Pool,
  of: { readonly topic: string; readonly partition: number },
): Promise<PartitionPosition> {
  const { rows } = await pool.query<{ next_offset: string; next_sequence: string }>({
    name: "drift-position",
    text: "select next_offset, next_sequence from drift.partitions where topic = $1 and partition = $2",
    values: [of.topic, of.partition],
  });
  const [row] = rows;
  return { nextOffset: BigInt(row?.next_offset ?? 0), nextSequence: Number(row?.next_sequence ?? 0) };
}

/** @param pool or the leader's own connection. */
export async function readProgress(
  pool: Pick<Pool, "query">,
  topic: string,
): Promise<readonly PartitionProgress[]> {
  const { rows } = await pool.query<{ partition: number; next_offset: string; newest_ms: string | null }>(
    "select partition, next_offset, newest_ms from drift.partitions where topic = $1",
    [topic],
  );
  return rows.map((row) => ({
    partition: row.partition,
    nextOffset: BigInt(row.next_offset),
    newestMs: row.newest_ms === null ? null : Number(row.newest_ms),
  }));
}

/**
 * Counters and progress in one statement: all of it, or nothing. False when the partition does not stand
 * where the stretch begins: another monitor has counted it, nothing was written.
 */
export async function writeStretch(pool: Pool, stretch: CountedStretch): Promise<boolean> {
  const { deltas, unreferenced, oddities, waitingLabels: labels } = stretch;
  const { rows } = await pool.query<{ moved: boolean }>({
    name: "drift-write-stretch",
    text: stretchSql,
    values: [
      stretch.topic,
      stretch.partition,
      stretch.nextOffset.toString(),
      stretch.newestMs,
      stretch.fromOffset.toString(),
      stretch.nextSequence,
      ...columnsOf(deltas, [
        ({ model }) => model.name,
        ({ model }) => model.version,
        ({ tiles }) => packTiles(tiles),
      ]),
      ...columnsOf(unreferenced, [
        ({ model }) => model,
        ({ version }) => version,
        ({ dayMs }) => dayMs,
        ({ reason }) => reason,
        ({ approve }) => approve,
        ({ review }) => review,
        ({ decline }) => decline,
      ]),
      ...columnsOf(oddities, [({ reason }) => reason, ({ count }) => count, ({ example }) => example]),
      ...columnsOf(labels, [
        ({ labelId }) => labelId,
        ({ transactionId }) => transactionId,
        ({ source }) => source,
        ({ fraud }) => fraud,
        ({ labelledAt }) => labelledAt,
      ]),
    ],
  });
  return rows[0]?.moved === true;
}

const stretchSql = `
  with moved as (
    insert into drift.partitions as p (topic, partition, next_offset, newest_ms, next_sequence)
    values ($1, $2, $3, $4, $6)
    on conflict (topic, partition) do update
      set next_offset = excluded.next_offset, newest_ms = greatest(p.newest_ms, excluded.newest_ms),
        next_sequence = excluded.next_sequence
      where p.next_offset = $5::bigint
    returning 1
  ), deltas as (
    insert into drift.deltas (model, version, tiles)
    select d.* from moved, unnest($7::text[], $8::integer[], $9::bytea[]) as d
  ), unreferenced as (
    insert into drift.unreferenced as u (model, version, day_ms, reason, approve, review, decline)
    select d.* from moved, unnest(
      $10::text[], $11::integer[], $12::bigint[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[]
    ) as d
    on conflict (model, version, day_ms) do update
      set approve = u.approve + excluded.approve, review = u.review + excluded.review,
        decline = u.decline + excluded.decline, reason = excluded.reason
  ), oddities as (
    insert into drift.oddities as o (reason, count, example)
    select d.* from moved, unnest($17::text[], $18::bigint[], $19::text[]) as d
    on conflict (reason) do update
      set count = o.count + excluded.count, example = excluded.example, seen_at = now()
  ), labels as (
    insert into drift.waiting_labels (label_id, transaction_id, source, fraud, labelled_at)
    select d.* from moved, unnest(
      $20::text[], $21::text[], $22::text[], $23::boolean[], $24::timestamptz[]
    ) as d
    on conflict (label_id) do nothing
  )
  select exists (select from moved) as moved`;

/** One array for each column, as `unnest` takes them. */
function columnsOf<Row>(rows: readonly Row[], columns: readonly ((row: Row) => unknown)[]): unknown[][] {
  return columns.map((column) => rows.map(column));
}

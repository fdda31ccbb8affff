import { labelSources } from "@tollgate/contracts";
import type { PoolClient } from "pg";

/** Any number, the same in every ledger: see {@link matchLabelled} and {@link matchDecided}. */
export const matchingLock = 7_041_656;

/** Weight of a source: its place in this list, the weightiest last. */
const sourcesByWeight = labelSources.toReversed();

/**
 * To be called after labels were inserted, in the same database transaction. Waits until every decision that
 * is being written is committed, and keeps others from looking for labels meanwhile: whichever of the two
 * comes last sees the other. Returns how many changes of belief were noted.
 */
export async function matchLabelled(client: PoolClient, transactionIds: readonly string[]): Promise<number> {
  await client.query("select pg_advisory_xact_lock($1)", [matchingLock]);
  return noteChanges(client, transactionIds);
}

/** The same after decisions were inserted. Writers of decisions do not wait for each other. */
export async function matchDecided(client: PoolClient, transactionIds: readonly string[]): Promise<number> {
  await client.query("select pg_advisory_xact_lock_shared($1)", [matchingLock]);
  const { rows } = await client.query<{ transaction_id: string }>({
    name: "labels-of",
    text: "select distinct transaction_id from labels where transaction_id = any($1::text[])",
    values: [transactionIds],
  });
  const labelled = rows.map((row) => row.transaction_id);
  return labelled.length === 0 ? 0 : noteChanges(client, labelled);
}

/**
 * Of all labels of a transaction the one of the weightiest source decides, of those the latest. A change is
 * noted when it says other than the last one that was noted, and outranks it: labels that come again in a
 * ledger made anew do not.
 */
const changesSql = `
  with decisive as (
    select distinct on (transaction_id)
      transaction_id, label_id, fraud, source, labelled_at, array_position($2::text[], source) as weight
    from labels
    where transaction_id = any($1::text[])
    order by transaction_id, weight desc, labelled_at desc, label_id collate "C" desc
  )
  insert into labelled_transactions (sequence, transaction_id, label_id, fraud, source, labelled_at)
  select
    $3::bigint - 1 + row_number() over (order by decisive.labelled_at, decisive.label_id collate "C"),
    decisive.transaction_id, decisive.label_id, decisive.fraud, decisive.source, decisive.labelled_at
  from decisive
  join decisions using (transaction_id)
  left join lateral (
    select label_id, fraud, labelled_at, array_position($2::text[], source) as weight
    from labelled_transactions
    where transaction_id = decisive.transaction_id
    order by sequence desc
    limit 1
  ) as believed on true
  where decisive.fraud <> coalesce(believed.fraud, false)
    and (
      believed.label_id is null
      or (decisive.weight, decisive.labelled_at, decisive.label_id collate "C")
        > (believed.weight, believed.labelled_at, believed.label_id collate "C")
    )`;

async function noteChanges(client: PoolClient, transactionIds: readonly string[]): Promise<number> {
  // A statement of its own: what follows must see what whoever held the row before has committed.
  const { rows } = await client.query<{ next_sequence: string }>(
    "select next_sequence from labelled_progress for update",
  );
  const next = rows[0]?.next_sequence;
  if (next === undefined) {
    throw new Error("the topic of labelled transactions was not looked at yet: labels wait until it was");
  }
  const values = [transactionIds, sourcesByWeight, next];
  const { rowCount } = await client.query({ name: "note-changes", text: changesSql, values });
  const noted = rowCount ?? 0;
  if (noted > 0) {
    await client.query("update labelled_progress set next_sequence = next_sequence + $1", [noted]);
  }
  return noted;
}

import type { Client } from "pg";
import type { DecisionTally } from "./decision-tally.ts";

/** The same transactions, counted where they are sent, where they are decided and where they are archived. */
export interface ThreeSides {
  /** Acknowledged by Kafka, or answered by HTTP. */
  readonly sent: number;
  /** Distinct transactions on `fraud.decisions.v1`. */
  readonly decided: number;
  /** Rows of PostgreSQL's `decisions`. */
  readonly archived: number;
}

/** How far the ledger has come in the log: for the screen, where counting rows would take ever longer. */
export async function archivedSoFar(postgres: Client, decisionsTopic: string): Promise<number> {
  const result = await postgres.query<{ count: string }>(
    "select coalesce(sum(next_offset), 0) as count from consumer_offsets where topic = $1",
    [decisionsTopic],
  );
  return Number(result.rows[0]?.count ?? 0);
}

export async function countThreeSides(
  sent: number,
  tally: DecisionTally,
  archive: { readonly postgres: Client; readonly idPrefix: string },
): Promise<ThreeSides> {
  const result = await archive.postgres.query<{ count: string }>(
    "select count(*) as count from decisions where starts_with(transaction_id, $1)",
    [archive.idPrefix],
  );
  return { sent, decided: tally.decided, archived: Number(result.rows[0]?.count ?? 0) };
}

export function agree(sides: ThreeSides): boolean {
  return sides.sent === sides.decided && sides.decided === sides.archived;
}

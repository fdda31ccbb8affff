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

export async function countThreeSides(
  sent: number,
  tally: DecisionTally,
  postgres: Client,
): Promise<ThreeSides> {
  const result = await postgres.query<{ count: string }>("select count(*) as count from decisions");
  return { sent, decided: tally.decided, archived: Number(result.rows[0]?.count ?? 0) };
}

export function agree(sides: ThreeSides): boolean {
  return sides.sent === sides.decided && sides.decided === sides.archived;
}

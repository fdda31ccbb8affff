import type { DecisionRecord } from "@tollgate/contracts";
import { DatabaseError, type Pool } from "pg";
import { LedgerNotStarted } from "./errors.ts";

/** Looks things up in the ledger. */
export interface LedgerReader {
  /**
   * The decision on a transaction, as it was logged; null when the ledger does not have it (yet).
   * @throws LedgerNotStarted
   */
  findDecision(transactionId: string): Promise<DecisionRecord | null>;
  counts(): Promise<LedgerCounts>;
}

export interface LedgerCounts {
  readonly decisions: number;
  readonly labels: number;
  /** Labels whose transaction has a decision. */
  readonly matchedLabels: number;
  readonly unreadable: number;
}

export function createLedgerReader(pool: Pool): LedgerReader {
  return {
    async findDecision(transactionId) {
      try {
        const { rows } = await pool.query<{ record: DecisionRecord }>({
          name: "find-decision",
          text: "select record from decisions where transaction_id = $1",
          values: [transactionId],
        });
        return rows[0]?.record ?? null;
      } catch (error) {
        throw error instanceof DatabaseError && error.code === undefinedTable
          ? new LedgerNotStarted(error)
          : error;
      }
    },
    async counts() {
      const { rows } = await pool.query<Record<keyof LedgerCounts, string>>(countsSql);
      const [row] = rows;
      return {
        decisions: Number(row?.decisions),
        labels: Number(row?.labels),
        matchedLabels: Number(row?.matchedLabels),
        unreadable: Number(row?.unreadable),
      };
    },
  };
}

/** SQLSTATE `undefined_table`. */
const undefinedTable = "42P01";

const countsSql = `
  select
    (select count(*) from decisions) as decisions,
    (select count(*) from labels) as labels,
    (select count(*) from labelled_decisions) as "matchedLabels",
    (select count(*) from unreadable_records) as unreadable`;

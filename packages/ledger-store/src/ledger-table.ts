import type { PoolClient } from "pg";

/** Where a record came from in the log. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** How the records of one topic become rows of one table. */
export interface LedgerTable<Row extends object> {
  /** The row, or what is wrong with the record. */
  readRow(value: unknown, text: string, position: LogPosition): Row | string;
  /** Inserts rows of one partition, but for those whose key is there already. Returns how many are new. */
  insert(client: PoolClient, rows: readonly Row[]): Promise<number>;
  /** After the insert: joins labels and decisions. Returns how many changes of belief were noted. */
  match(client: PoolClient, rows: readonly Row[]): Promise<number>;
}

/**
 * JSON texts as one parameter, split again by PostgreSQL's `string_to_table`: JSON never holds a raw U+001E,
 * so nothing is escaped. An array parameter costs 9 µs of Node and 10 µs of PostgreSQL a row more, to escape
 * and read every quote (apps/ledger/bench/insert-decisions.ts, 1.6 KB, 2 cores).
 */
export function joinTexts(texts: readonly string[]): string {
  return texts.join("\u001E");
}

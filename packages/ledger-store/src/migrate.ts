import { readdir, readFile } from "node:fs/promises";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "./in-transaction.ts";
import { ledgerLimits } from "./limits.ts";

const migrationsFolder = new URL("../migrations/", import.meta.url);
/** Any number, the same in every ledger: the advisory lock that lets one of them migrate at a time. */
const migrationLock = 7_041_655;

/**
 * Brings the schema up to date: `migrations/NNN-*.sql`, each once, in order, all in one transaction.
 * Two ledgers that start at once are fine: the second waits and finds nothing to do.
 * @returns the names of the migrations that were applied now.
 */
export async function migrate(pool: Pool): Promise<readonly string[]> {
  const names = (await readdir(migrationsFolder)).filter((name) => /^\d{3}-.*\.sql$/u.test(name)).toSorted();
  return inTransaction(pool, async (client) => {
    await client.query(`set local statement_timeout = ${ledgerLimits.migrationTimeoutMs}`);
    await client.query("select pg_advisory_xact_lock($1)", [migrationLock]);
    const applied = await appliedMigrations(client);
    const missing = names.filter((name) => !applied.has(name));
    for (const name of missing) {
      await client.query(await readFile(new URL(name, migrationsFolder), "utf8"));
      await client.query("insert into migrations (name) values ($1)", [name]);
    }
    return missing;
  });
}

async function appliedMigrations(client: PoolClient): Promise<ReadonlySet<string>> {
  await client.query(`
    create table if not exists migrations (
      name text primary key,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ name: string }>("select name from migrations");
  return new Set(rows.map((row) => row.name));
}

import { readFile } from "node:fs/promises";
import type { Pool } from "pg";

const schemaFile = new URL("../../migrations/drift.sql", import.meta.url);

/** Makes what is missing of the monitor's schema. Monitors that start at once wait for each other. */
export async function applySchema(pool: Pool): Promise<void> {
  // Several statements in one query are one transaction.
  await pool.query(await readFile(schemaFile, "utf8"));
}

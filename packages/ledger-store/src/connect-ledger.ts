import type { Logger } from "@tollgate/runtime";
import { Pool } from "pg";
import { ledgerLimits } from "./limits.ts";

/** A pool of connections, made when first used. A lost one is logged and replaced. */
export function connectLedger(options: { readonly url: string; readonly logger: Logger }): Pool {
  const pool = new Pool({
    connectionString: options.url,
    max: ledgerLimits.connections,
    connectionTimeoutMillis: ledgerLimits.connectionTimeoutMs,
    statement_timeout: ledgerLimits.statementTimeoutMs,
    application_name: "tollgate-ledger",
  });
  pool.on("error", (error) => options.logger.warn("postgres-connection-lost", { message: error.message }));
  return pool;
}

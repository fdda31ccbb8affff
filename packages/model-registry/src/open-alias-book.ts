import { Pool } from "pg";
import type { AliasBook } from "./alias-book.ts";
import { ModelRegistryError } from "./errors.ts";
import { fileAliasBook } from "./file-alias-book.ts";
import { modelRegistryLimits } from "./limits.ts";
import { isBucket } from "./open-version-store.ts";
import { postgresAliasBook } from "./postgres-alias-book.ts";

/** The history in PostgreSQL when a database is named, else in files of the folder. */
export function openAliasBook(options: {
  readonly folder: string;
  readonly databaseUrl: string | undefined;
  /** Who reads; undefined for the database's login. */
  readonly identity: string | undefined;
  readonly warn: (message: string) => void;
}): AliasBook {
  const { folder, databaseUrl, identity, warn } = options;
  if (databaseUrl === undefined && isBucket(folder)) {
    throw new ModelRegistryError("REGISTRY_DATABASE_NEEDED", `${folder} holds versions only`);
  }
  if (databaseUrl === undefined) return fileAliasBook(folder, () => new Date());
  const pool = new Pool({
    connectionString: databaseUrl,
    max: modelRegistryLimits.databaseConnections,
    connectionTimeoutMillis: modelRegistryLimits.databaseConnectMs,
    statement_timeout: modelRegistryLimits.databaseStatementMs,
    application_name: "tollgate-models",
    // A process that has nothing else to do may end without closing the registry.
    allowExitOnIdle: true,
  });
  pool.on("error", (error) => {
    if (!pool.ending) warn(`the model registry lost a connection to PostgreSQL: ${error.message}`);
  });
  return postgresAliasBook(pool, identity);
}

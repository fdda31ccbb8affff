import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBValue,
} from "@duckdb/node-api";
import { replayLimits } from "./limits.ts";

/** A DuckDB database in a folder of its own: where a log is sorted that does not fit in memory. */
export interface ReplayWorkspace {
  readonly run: (sql: string) => Promise<void>;
  /** The columns of one chunk after the other, in the query's order; memory holds one chunk. */
  chunks(sql: string): AsyncIterable<readonly (readonly DuckDBValue[])[]>;
  /** What is appended is seen by queries after `finish`. */
  append(table: string): Promise<TableAppender>;
  /** Deletes the database. */
  close(): Promise<void>;
}

export interface TableAppender {
  readonly raw: DuckDBAppender;
  /** Ends a row; every {@link replayLimits.appendedRows} what was appended goes to the table. */
  readonly endRow: () => void;
  readonly finish: () => void;
}

/** @param parent where the folder is made: the machine's temporary folder when absent. */
export async function openWorkspace(parent: string = tmpdir()): Promise<ReplayWorkspace> {
  const folder = await mkdtemp(join(parent, "tollgate-replay-"));
  const instance = await DuckDBInstance.create(join(folder, "replay.duckdb"), {
    threads: String(replayLimits.workspaceThreads),
    memory_limit: replayLimits.workspaceMemory,
    temp_directory: join(folder, "spill"),
    max_temp_directory_size: replayLimits.workspaceDisk,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    return connection;
  };
  const main = await connect();
  return {
    async run(sql) {
      await main.run(sql);
    },
    async *chunks(sql) {
      // A connection of its own: a query that streams would be cut off by the next one on the same.
      const connection = await instance.connect();
      try {
        const result = await connection.stream(sql);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          yield chunk.getColumns();
        }
      } finally {
        connection.closeSync();
      }
    },
    append: async (table) => tableAppender(await connect(), table),
    async close() {
      for (const connection of connections) connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tableAppender(connection: DuckDBConnection, table: string): Promise<TableAppender> {
  const raw = await connection.createAppender(table);
  let rows = 0;
  return {
    raw,
    endRow() {
      raw.endRow();
      rows += 1;
      if (rows % replayLimits.appendedRows === 0) raw.flushSync();
    },
    finish: () => raw.closeSync(),
  };
}

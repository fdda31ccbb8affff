import { readFile } from "node:fs/promises";
import type { Pool, PoolClient } from "pg";
import type { AliasBook, PartialActor } from "./alias-book.ts";
import { linkAfter, type HistoryEntry, type HistoryLink } from "./history-link.ts";
import { explained, isUndefinedTable } from "./history-faults.ts";
import { linkColumns, linkOf, type LinkRow } from "./history-row.ts";
import { modelRegistryLimits } from "./limits.ts";
import { assertPublisher, assertReader } from "./postgres-roles.ts";
import { verifyChain } from "./verify-chain.ts";

/** The same in every process: the advisory lock of the one that appends (sql/history.sql). */
const historyLock = 7_041_659;
const schemaPath = new URL("../sql/history.sql", import.meta.url);

/**
 * Aliases and their history in PostgreSQL. The rows are never changed; who may append what, and that a
 * version is not approved by its publisher, is checked in the database, in the transaction that appends. Only
 * who has a role reads: the identity, or without one the login.
 */
export function postgresAliasBook(pool: Pool, identity: string | undefined): AliasBook {
  let schema: Promise<void> | undefined;
  const withSchema = async (): Promise<void> => {
    schema ??= createSchema(pool);
    await schema.catch((error: unknown) => {
      schema = undefined;
      throw error;
    });
  };
  const asReader = async <T>(read: () => Promise<T>): Promise<T> =>
    explained(async () => {
      await assertReader(pool, identity);
      return read();
    });
  return {
    location: "PostgreSQL",
    aliases: async (model) => asReader(async () => readAliasTargets(pool, model)),
    assertMayRead: async () => asReader(async () => {}),
    assertMayPublish: async (actor) =>
      explained(async () => {
        await withSchema();
        await assertPublisher(pool, actor.who);
      }),
    append: async (entry, actor) =>
      explained(async () => {
        await withSchema();
        return appendLink(pool, entry, actor);
      }),
    async *links() {
      await asReader(async () => {});
      yield* readLinks(pool);
    },
    decidedAt: async (query) => asReader(async () => readDecision(pool, query)),
    verify: async (expectedHead) => asReader(async () => verifyChain(readLinks(pool), expectedHead)),
    close: async () => pool.end(),
  };
}

async function createSchema(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(
    "select to_regprocedure('model_registry.refuse_change()') is not null as there",
  );
  // Who may only append must not need the right to create.
  if (rows[0]?.there === true) return;
  const text = await readFile(schemaPath, "utf8");
  await inHistoryTransaction(pool, async (client) => client.query(text));
}

/** One move at a time: the next reads what this one has committed. */
async function inHistoryTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let healthy = false;
  const onError = (): void => {
    healthy = false;
  };
  client.on("error", onError);
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [historyLock]);
    const result = await work(client);
    await client.query("commit");
    healthy = true;
    return result;
  } finally {
    client.off("error", onError);
    // A connection in the middle of a transaction is closed, which undoes it.
    client.release(!healthy);
  }
}

async function appendLink(pool: Pool, entry: HistoryEntry, actor: PartialActor): Promise<HistoryLink> {
  return inHistoryTransaction(pool, async (client) => {
    const { rows } = await client.query<LastLink>(lastLinkSql);
    const [row] = rows;
    if (row === undefined) throw new Error("PostgreSQL gave no row for its own clock");
    const { login, at: last, hash } = row;
    const previous = hash === null ? undefined : { sequence: Number(row.sequence), hash };
    // A clock that was put back must not break the chain.
    const at = new Date(Math.max(row.now.getTime(), last?.getTime() ?? 0)).toISOString();
    const { who = login, why = "" } = actor;
    const link = linkAfter(previous, { ...entry, who, login, why, at });
    await insertLink(client, link);
    return link;
  });
}

/** The last link, null where there is none yet, and what PostgreSQL says of itself. */
interface LastLink {
  readonly sequence: string | null;
  readonly hash: string | null;
  readonly at: Date | null;
  readonly login: string;
  readonly now: Date;
}

const lastLinkSql = `
  select last.*, session_user::text as login, date_trunc('milliseconds', clock_timestamp()) as now
  from (select) as always
  left join lateral (
    select sequence, hash, at from model_registry.history order by sequence desc limit 1
  ) last on true`;

async function insertLink(client: PoolClient, link: HistoryLink): Promise<void> {
  const { sequence, kind, model, version, digest, subject, value, who, login, why, at } = link;
  const values = [sequence, kind, model, version, digest, subject, value, who, login, why, at];
  await client.query(
    `insert into model_registry.history (${linkColumns.join(", ")})
     values (${linkColumns.map((_, index) => `$${index + 1}`).join(", ")})`,
    [...values, link.previousHash, link.hash],
  );
}

interface AliasRow {
  readonly subject: string;
  readonly version: number;
  readonly digest: string | null;
}

async function readAliasTargets(
  pool: Pool,
  model: string,
): Promise<ReadonlyMap<string, { version: number; digest: string | undefined }>> {
  try {
    const { rows } = await pool.query<AliasRow>(
      `select distinct on (subject) subject, version, digest from model_registry.history
       where kind = 'alias' and model = $1 order by subject, sequence desc`,
      [model],
    );
    return new Map(
      rows.map((row) => [row.subject, { version: row.version, digest: row.digest ?? undefined }]),
    );
  } catch (error) {
    if (isUndefinedTable(error)) return new Map();
    throw error;
  }
}

/** One query, one step in the index `history_alias`. */
async function readDecision(
  pool: Pool,
  query: { readonly model: string; readonly alias: string; readonly at: string },
): Promise<HistoryLink | undefined> {
  const { rows } = await pool.query<LinkRow>(
    `select ${linkColumns.join(", ")} from model_registry.history
     where kind = 'alias' and model = $1 and subject = $2 and at <= $3
     order by at desc, sequence desc limit 1`,
    [query.model, query.alias, query.at],
  );
  return rows[0] === undefined ? undefined : linkOf(rows[0]);
}

async function* readLinks(pool: Pool): AsyncIterable<HistoryLink> {
  let after = -1;
  for (;;) {
    const rows = await readPage(pool, after);
    yield* rows.map(linkOf);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.sequence);
  }
}

async function readPage(pool: Pool, after: number): Promise<readonly LinkRow[]> {
  try {
    const { rows } = await pool.query<LinkRow>(
      `select ${linkColumns.join(", ")} from model_registry.history
       where sequence > $1 order by sequence limit $2`,
      [after, modelRegistryLimits.historyPage],
    );
    return rows;
  } catch (error) {
    if (isUndefinedTable(error)) return [];
    throw error;
  }
}

import type { Pool } from "pg";
import { ModelRegistryError } from "./errors.ts";
import { isUndefinedTable } from "./history-faults.ts";

/** Rejects when the identity, or without one the login, may not publish. */
export async function assertPublisher(pool: Pool, identity: string | undefined): Promise<void> {
  const { who, roles } = await rolesOf(pool, identity);
  if (roles.includes("publisher")) return;
  throw new ModelRegistryError("REGISTRY_ROLE_MISSING", `${who} is not a publisher`);
}

/** Rejects when it has no role at all: any of them may read. Until the first one is taken, all may. */
export async function assertReader(pool: Pool, identity: string | undefined): Promise<void> {
  const { who, roles, governed } = await rolesOf(pool, identity);
  if (!governed || roles.some((role) => readingRoles.includes(role))) return;
  throw new ModelRegistryError(
    "REGISTRY_ROLE_MISSING",
    `${who} may not read the registry: it needs the role reader (npm run models -- role ${who} reader)`,
  );
}

const readingRoles: readonly string[] = ["reader", "publisher", "approver"];

interface Roles {
  readonly who: string;
  /** As the last link about it says. */
  readonly roles: readonly string[];
  /** Whether anybody has taken the first role. */
  readonly governed: boolean;
}

async function rolesOf(pool: Pool, identity: string | undefined): Promise<Roles> {
  try {
    const { rows } = await pool.query<{ who: string; value: string | null; governed: boolean }>(rolesSql, [
      identity ?? null,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error("PostgreSQL gave no row for its own login");
    return { who: row.who, roles: row.value?.split(",") ?? [], governed: row.governed };
  } catch (error) {
    if (isUndefinedTable(error)) return { who: identity ?? "nobody", roles: [], governed: false };
    throw error;
  }
}

const rolesSql = `
  select asking.identity as who,
    exists (select from model_registry.history where kind = 'role') as governed,
    (select value from model_registry.history
      where kind = 'role' and subject = asking.identity order by sequence desc limit 1) as value
  from (select coalesce($1, session_user::text) as identity) as asking`;

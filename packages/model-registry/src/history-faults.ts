import { ModelRegistryError, type ModelRegistryErrorCode } from "./errors.ts";

/** What sql/history.sql raises. */
const codes: Readonly<Record<string, ModelRegistryErrorCode>> = {
  TG001: "REGISTRY_HISTORY_BROKEN",
  TG002: "REGISTRY_ROLE_MISSING",
  TG003: "REGISTRY_VERSION_UNRECORDED",
  TG004: "REGISTRY_APPROVER_IS_PUBLISHER",
  TG005: "REGISTRY_HISTORY_BROKEN",
  // A check of a column: an empty reason, a name that is too long.
  "23514": "REGISTRY_ENTRY_INVALID",
  // The version is recorded already.
  "23505": "MODEL_PUBLISH_CONFLICT",
};

/** Runs a query; a fault comes out as an error of the registry's table. */
export async function explained<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof ModelRegistryError || !(error instanceof Error)) throw error;
    const known = codes[codeOf(error)];
    if (known !== undefined) throw new ModelRegistryError(known, error.message, error);
    if (isAway(error)) throw new ModelRegistryError("REGISTRY_DATABASE_AWAY", error.message, error);
    throw error;
  }
}

/** True when nobody has written to this database yet. */
export function isUndefinedTable(error: unknown): boolean {
  return error instanceof Error && ["42P01", "3F000"].includes(codeOf(error));
}

function codeOf(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}

/** Class 08 and 57P are of the connection; Node's own codes have letters only, a timeout has none. */
function isAway(error: Error): boolean {
  const code = codeOf(error);
  return (
    /^(08|57P)/u.test(code) || /^E[A-Z]+$/u.test(code) || /timeout|terminated|closed/iu.test(error.message)
  );
}

import { ModelRegistryError } from "@tollgate/model-registry";
import { ConfigError } from "@tollgate/runtime";
import { ModelsError } from "./models-error.ts";

/** What a person should read of an error, with what to do; undefined for a defect, which keeps its stack. */
export function explainError(error: unknown): string | undefined {
  if (error instanceof ModelRegistryError) return `${error.message}\n${error.entry.message}`;
  if (error instanceof ModelsError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT" && code !== "EACCES" && code !== "ENOTDIR" && code !== "EISDIR") return undefined;
  return `${path ?? "a file"} cannot be used (${code}): name another, or mend its permissions`;
}

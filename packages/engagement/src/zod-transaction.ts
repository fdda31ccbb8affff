import type { Fault, Parsed } from "@tollgate/contracts";
import type { z } from "zod";

/** Zod's issues as faults with JSON Pointers; an unknown key is a fault at that key. */
export function faultsOf(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: pointer([...issue.path, key]),
        message: "is not a field of a transaction",
      }));
    }
    return [{ path: pointer(issue.path), message: issue.message }];
  });
}

/** Checks with a zod schema and gives faults instead of an exception. */
export function parseWith<S extends z.ZodType>(schema: S, input: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(input);
  return result.success ? { ok: true, value: result.data } : { ok: false, faults: faultsOf(result.error) };
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

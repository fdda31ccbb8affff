import { createHash } from "node:crypto";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "@tollgate/features";
import { rowIdentity } from "./row-codec.ts";

/** Hexadecimal digits that name a layout in every key of it: of the few in one Redis no two are alike. */
const digestDigits = 8;

/**
 * Names the layouts of a feature set's states: equal for two sets exactly when each reads the rows of the
 * other. Made from what the row codec checks, so a row of the key space is refused only when it is damaged.
 */
export function layoutDigest<T extends BaseTransaction>(entities: readonly CompiledEntity<T>[]): string {
  const rows = entities.map((entity) => [entity.name, ...rowIdentity(entity)].join(" ")).toSorted();
  return createHash("sha256").update(rows.join("\n")).digest("hex").slice(0, digestDigits);
}

/** Whether a text can be one of these names. */
export function isLayoutDigest(text: string): boolean {
  return new RegExp(`^[0-9a-f]{${digestDigits}}$`, "u").test(text);
}

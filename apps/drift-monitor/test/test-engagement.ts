import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import { parseReferenceProfile, type ReferenceProfile } from "@tollgate/drift";
import type { CompiledEngagement } from "@tollgate/engagement";
import { loadEngagement } from "@tollgate/scoring";

const loaded = await loadEngagement("@tollgate/engagement-card-payments");

/** The default engagement, as the monitor loads it. */
export const compiled: CompiledEngagement<BaseTransaction> = loaded.compiled;

/** Where it carries its champion, `card-payments@v1`. */
export const registryFolder: string = loaded.modelsFolder;

/** What the monitor compares the champion's decisions with. */
export const profile: ReferenceProfile = profileOf(
  join(registryFolder, "card-payments", "v1", "reference.json"),
);

function profileOf(path: string): ReferenceProfile {
  const parsed = parseReferenceProfile(JSON.parse(readFileSync(path, "utf8")));
  if (parsed.ok) return parsed.value;
  throw new Error(`${path}: ${parsed.faults[0]?.path ?? ""} ${parsed.faults[0]?.message ?? ""}`);
}

import type { BaseTransaction } from "@tollgate/contracts";
import { parseReferenceProfile, type ReferenceProfile } from "@tollgate/drift";
import type { CompiledEngagement } from "@tollgate/engagement";
import { openModelRegistry } from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";

const loaded = await loadEngagement("@tollgate/engagement-card-payments");

/** The default engagement, as the monitor loads it. */
export const compiled: CompiledEngagement<BaseTransaction> = loaded.compiled;

/** Where it carries its models. */
export const registryFolder: string = loaded.modelsFolder;

/** What the monitor compares the champion's decisions with; `model` says which version that is. */
export const profile: ReferenceProfile = await profileOf("card-payments@champion");

async function profileOf(model: string): Promise<ReferenceProfile> {
  const { files } = await openModelRegistry(registryFolder).resolve(model);
  const parsed = parseReferenceProfile(JSON.parse(new TextDecoder().decode(files.get("reference.json"))));
  if (parsed.ok) return parsed.value;
  throw new Error(`${model}: ${parsed.faults[0]?.path ?? ""} ${parsed.faults[0]?.message ?? ""}`);
}

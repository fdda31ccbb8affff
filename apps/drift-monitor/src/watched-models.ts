import { parseReferenceProfile, type ReferenceProfile } from "@tollgate/drift";
import { ModelRegistryError, openModelRegistry, type ModelRegistry } from "@tollgate/model-registry";
import type { Clock, Logger } from "@tollgate/runtime";
import { driftMonitorLimits } from "./limits.ts";
import { nameOf, type ModelVersion } from "./store/tile-delta.ts";

/** What a model version is compared with, or why it cannot be compared with anything. */
export type FoundReference =
  | { readonly ok: true; readonly profile: ReferenceProfile }
  | { readonly ok: false; readonly reason: string };

/** References of model versions, read from the registry's folder and kept. */
export interface WatchedModels {
  referenceOf(model: ModelVersion): Promise<FoundReference>;
  /** The version under which decisions without a model are counted; undefined while there is none. */
  incumbent(): Promise<ModelVersion | undefined>;
}

interface Kept<T> {
  readonly value: T;
  readonly untilMs: number;
}

export function createWatchedModels(options: {
  readonly registryFolder: string;
  /** `name@alias` or `name@v3`. */
  readonly model: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): WatchedModels {
  const { registryFolder, clock, logger } = options;
  const registry = openModelRegistry(registryFolder);
  const references = new Map<string, Kept<FoundReference>>();
  let incumbent: Kept<ModelVersion | undefined> | undefined;
  const nowMs = (): number => clock.monotonicMicros() / 1_000;
  return {
    async referenceOf(model) {
      const name = nameOf(model);
      const known = references.get(name);
      if (known !== undefined && nowMs() < known.untilMs) return known.value;
      const found = await readReference(registry, model);
      if (!found.ok && known === undefined)
        logger.warn("model-not-comparable", { model: name, reason: found.reason });
      // A version is written once and never again: what was found stays.
      const untilMs = found.ok ? Infinity : nowMs() + driftMonitorLimits.referenceRetryMs;
      const [oldest] = references.keys();
      if (references.size >= driftMonitorLimits.modelVersions && oldest !== undefined)
        references.delete(oldest);
      references.set(name, { value: found, untilMs });
      return found;
    },
    async incumbent() {
      if (incumbent !== undefined && nowMs() < incumbent.untilMs) return incumbent.value;
      const value = await incumbentOf(registry, options.model);
      incumbent = { value, untilMs: nowMs() + driftMonitorLimits.referenceRetryMs };
      return value;
    },
  };
}

const file = "reference.json";

/** Read and verified as any file of the version. */
async function readReference(registry: ModelRegistry, model: ModelVersion): Promise<FoundReference> {
  const { name, version } = model;
  let text: string;
  try {
    const { files } = await registry.resolve(nameOf(model));
    const content = files.get(file);
    if (content === undefined)
      return { ok: false, reason: `${nameOf(model)} was registered without ${file}` };
    text = new TextDecoder().decode(content);
  } catch (error) {
    if (!(error instanceof ModelRegistryError)) throw error;
    return { ok: false, reason: `${nameOf(model)} cannot be had from the registry (${error.code})` };
  }
  const profile = profileOf(text);
  if (!profile.ok) return { ok: false, reason: `${file} of ${nameOf(model)} ${profile.reason}` };
  const of = profile.profile.model;
  if (of.name === name && of.version === version) return profile;
  return { ok: false, reason: `${file} of ${nameOf(model)} is of ${nameOf(of)}` };
}

function profileOf(text: string): FoundReference {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { ok: false, reason: "is not JSON" };
  }
  const parsed = parseReferenceProfile(input);
  if (parsed.ok) return { ok: true, profile: parsed.value };
  const [first] = parsed.faults;
  return { ok: false, reason: `${first?.path ?? ""} ${first?.message ?? "is not a reference"}` };
}

async function incumbentOf(registry: ModelRegistry, reference: string): Promise<ModelVersion | undefined> {
  const [name = "", selector = ""] = reference.split("@");
  const number = /^v(\d+)$/u.exec(selector)?.[1];
  const version = number === undefined ? await registry.aliasOf(name, selector) : Number(number);
  return version === undefined ? undefined : { name, version };
}

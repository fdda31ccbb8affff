import type { AliasBook, AliasTarget, PartialActor } from "./alias-book.ts";
import { loadRegistryConfig, processEnvironment, type RegistryConfig } from "./config.ts";
import { ModelRegistryError } from "./errors.ts";
import type { HistoryLink } from "./history-link.ts";
import type { KeyManagement } from "./key-management.ts";
import { loadVersion, type ResolvedModel } from "./load-version.ts";
import { keyManagementOf, signingKeyOf, trustedKeysOf } from "./local-keys.ts";
import type { ModelManifest } from "./model-manifest.ts";
import { openAliasBook } from "./open-alias-book.ts";
import { openVersionStore } from "./open-version-store.ts";
import { assertAlias, assertTag, parseModelReference } from "./parse-model-reference.ts";
import { publishVersion, signVersion, type NewModel } from "./publish-version.ts";
import { readUnverified } from "./verify-version.ts";
import type { VersionPlace, VersionStore } from "./version-store.ts";

/** What a registry holds of a model. */
export interface RegisteredModel {
  readonly name: string;
  readonly versions: readonly number[];
  readonly aliases: ReadonlyMap<string, AliasTarget>;
}

/** Model versions, verified whenever they are read, and the aliases that point to them. */
export interface ModelRegistry {
  /** Reads and verifies `name@champion`, `name@v3` or `name/3`. Throws {@link ModelRegistryError}. */
  resolve(reference: string): Promise<ResolvedModel>;
  /** Writes the next version, signed, whole or not at all; a version is never written twice. */
  publish(model: NewModel, actor?: PartialActor): Promise<ModelManifest>;
  /** The version that the alias names, or undefined. */
  aliasOf(name: string, alias: string): Promise<number | undefined>;
  /** Points the alias to a version that is there and verified, in one step. */
  setAlias(name: string, alias: string, version: number, actor?: PartialActor): Promise<void>;
  /** Every model with its versions and aliases; nothing is verified. */
  list(): Promise<readonly RegisteredModel[]>;
  /** Signs a version's files as they are, in place of its signature; gives the new root digest. */
  sign(reference: string): Promise<string>;
  /** Notes in the history that a version was published, where publishing was cut off before that. */
  record(reference: string, actor: PartialActor): Promise<HistoryLink | undefined>;
  /** Notes a tag of a version, `validation=passed`; the last one of a name counts. */
  tag(
    reference: string,
    tag: { readonly name: string; readonly value: string },
    actor: PartialActor,
  ): Promise<void>;
  tags(reference: string): Promise<ReadonlyMap<string, string>>;
  readonly history: AliasBook;
  /** Ends the connections to the history. */
  close(): Promise<void>;
}

export interface ModelRegistryOptions {
  /** Default: from the environment (docs/models.md). */
  readonly config?: RegistryConfig;
  /** Whether new versions are encrypted. Default: as the configuration says. */
  readonly encryption?: boolean;
  /** What wraps the artifacts' keys. Default: the configuration's keys. */
  readonly keyManagement?: KeyManagement;
  /** Told what must not go unseen. Default: a warning of the process. */
  readonly warn?: (message: string) => void;
}

/**
 * Opens the registry in a folder, which is made by the first publish, or at `s3://bucket/prefix`, which needs
 * the history in PostgreSQL.
 */
export function openModelRegistry(folder: string, options: ModelRegistryOptions = {}): ModelRegistry {
  const config = options.config ?? loadRegistryConfig(processEnvironment());
  const warn = options.warn ?? ((message) => process.emitWarning(message, "TollgateModelRegistry"));
  const { databaseUrl, identity } = config;
  const history = openAliasBook({ folder, databaseUrl, identity, warn });
  const keys = options.keyManagement ?? keyManagementOf(config);
  const registry: OpenRegistry = { store: openVersionStore(folder, config), history, config, keys, warn };
  const encryption = options.encryption ?? config.encryption;
  return {
    resolve: async (reference) => resolveReference(registry, reference),
    publish: async (model, actor) => publish(registry, model, { encryption, actor: actor ?? {} }),
    aliasOf: async (name, alias) => (await history.aliases(name)).get(alias)?.version,
    setAlias: async (name, alias, version, actor) =>
      moveAlias(registry, { name, alias, version, actor: actor ?? {} }),
    list: async () => listModels(registry),
    sign: async (reference) => signAgain(registry, reference),
    record: async (reference, actor) => recordVersion(registry, reference, actor),
    tag: async (reference, tag, actor) => setTag(registry, reference, { tag, actor }),
    tags: async (reference) => tagsOf(registry, await placeOf(registry, reference)),
    history,
    close: async () => history.close(),
  };
}

interface OpenRegistry {
  readonly store: VersionStore;
  readonly history: AliasBook;
  readonly config: RegistryConfig;
  readonly keys: KeyManagement;
  readonly warn: (message: string) => void;
}

type Place = VersionPlace & { readonly digest: string | undefined };

async function resolveReference(registry: OpenRegistry, reference: string): Promise<ResolvedModel> {
  const place = await placeOf(registry, reference);
  await assertMayRead(registry, reference);
  const model = await load(registry, place);
  if (place.digest === undefined || place.digest === model.digest) return model;
  const detail =
    `${reference} was approved with root digest ${place.digest}, the version has ${model.digest} now: ` +
    "it was signed again since. Move the alias again to approve it";
  throw new ModelRegistryError("MODEL_DIGEST_DIFFERS", detail);
}

/** A version by its number is read while the database is away too: a service that is pinned must start. */
async function assertMayRead({ history, warn }: OpenRegistry, reference: string): Promise<void> {
  try {
    await history.assertMayRead();
  } catch (error) {
    if (!(error instanceof ModelRegistryError && error.code === "REGISTRY_DATABASE_AWAY")) throw error;
    warn(`${reference} is read without a look at roles: ${error.message}`);
  }
}

async function load(
  { store, config, keys, warn }: OpenRegistry,
  place: VersionPlace,
): Promise<ResolvedModel> {
  const trusted = await trustedKeysOf(config);
  return loadVersion(store, place, { trusted, signaturesRequired: config.signaturesRequired, keys, warn });
}

async function placeOf({ history }: OpenRegistry, reference: string): Promise<Place> {
  const selector = parseModelReference(reference);
  if ("version" in selector) return { ...selector, digest: undefined };
  const { name, alias } = selector;
  const aliases = await history.aliases(name);
  const target = aliases.get(alias);
  if (target !== undefined) return { name, ...target };
  const known = [...aliases.keys()].join(", ") || "none";
  throw new ModelRegistryError(
    "MODEL_ALIAS_NOT_FOUND",
    `"${name}" has no alias "${alias}"; ${history.location} knows: ${known}`,
  );
}

async function publish(
  registry: OpenRegistry,
  model: NewModel,
  options: { readonly encryption: boolean; readonly actor: PartialActor },
): Promise<ModelManifest> {
  const { store, history, config } = registry;
  const actor = { why: "published", ...withIdentity(config, options.actor) };
  await history.assertMayPublish(actor);
  const signingKey = await signingKeyOf(config);
  const keys = options.encryption ? registry.keys : undefined;
  const { manifest, digest } = await publishVersion(store, model, { signingKey, keys });
  const { name, version } = manifest;
  await history.append(
    { kind: "published", model: name, version, digest, subject: null, value: null },
    actor,
  );
  return manifest;
}

async function moveAlias(
  registry: OpenRegistry,
  move: {
    readonly name: string;
    readonly alias: string;
    readonly version: number;
    readonly actor: PartialActor;
  },
): Promise<void> {
  const { name, alias, version } = move;
  assertAlias(alias);
  const { digest } = await load(registry, await placeOf(registry, `${name}/${version}`));
  await registry.history.append(
    { kind: "alias", model: name, version, digest, subject: alias, value: null },
    withIdentity(registry.config, move.actor),
  );
}

async function recordVersion(
  registry: OpenRegistry,
  reference: string,
  actor: PartialActor,
): Promise<HistoryLink | undefined> {
  const { name, version } = await placeOf(registry, reference);
  const { digest } = await load(registry, { name, version });
  return registry.history.append(
    { kind: "published", model: name, version, digest, subject: null, value: null },
    withIdentity(registry.config, actor),
  );
}

async function signAgain(registry: OpenRegistry, reference: string): Promise<string> {
  const { name, version } = await placeOf(registry, reference);
  const { store, config } = registry;
  const files = await readUnverified(store, { name, version });
  const digest = await signVersion(
    store,
    { name, version },
    { files, signingKey: await signingKeyOf(config) },
  );
  // What was signed must also load: a signature under something broken helps nobody.
  await load(registry, { name, version });
  return digest;
}

async function setTag(
  registry: OpenRegistry,
  reference: string,
  set: { readonly tag: { readonly name: string; readonly value: string }; readonly actor: PartialActor },
): Promise<void> {
  const { tag } = set;
  assertTag(tag);
  const { name, version } = await placeOf(registry, reference);
  const { digest } = await load(registry, { name, version });
  await registry.history.append(
    { kind: "tag", model: name, version, digest, subject: tag.name, value: tag.value },
    withIdentity(registry.config, set.actor),
  );
}

async function tagsOf({ history }: OpenRegistry, place: VersionPlace): Promise<ReadonlyMap<string, string>> {
  const tags = new Map<string, string>();
  for await (const { kind, model, version, subject, value } of history.links()) {
    if (kind !== "tag" || model !== place.name || version !== place.version) continue;
    if (subject !== null && value !== null) tags.set(subject, value);
  }
  return tags;
}

async function listModels({ store, history }: OpenRegistry): Promise<readonly RegisteredModel[]> {
  const names = await store.models();
  return Promise.all(
    names.map(async (name) => {
      return { name, versions: await store.versions(name), aliases: await history.aliases(name) };
    }),
  );
}

function withIdentity({ identity }: RegistryConfig, actor: PartialActor): PartialActor {
  return { ...actor, who: actor.who ?? identity };
}

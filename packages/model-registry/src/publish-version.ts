import { encryptArtifact, encryptedSuffix } from "./artifact-envelope.ts";
import { ModelRegistryError } from "./errors.ts";
import type { KeyManagement } from "./key-management.ts";
import { modelRegistryLimits } from "./limits.ts";
import { manifestFile, modelFile, parseModelManifest, type ModelManifest } from "./model-manifest.ts";
import { signatureFile, signModel, rootDigest, type SignedFile } from "./model-signature.ts";
import { sha256Hex } from "./sha256-hex.ts";
import type { SigningKey } from "./signing-key.ts";
import type { VersionPlace, VersionStore } from "./version-store.ts";

/** A model to publish; the registry adds version, file name and digest. */
export interface NewModel {
  readonly modelBytes: Uint8Array;
  readonly manifest: Omit<ModelManifest, "schema" | "version" | "file" | "sha256">;
  /** Further files by name, made once the version is known: evaluation, model card, drift reference. */
  readonly files?: (manifest: ModelManifest) => ReadonlyMap<string, Uint8Array>;
}

export interface PublishOptions {
  readonly signingKey: SigningKey;
  /** Undefined writes the files as they are. */
  readonly keys: KeyManagement | undefined;
}

export interface PublishedVersion {
  readonly manifest: ModelManifest;
  readonly digest: string;
}

const fileNamePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/u;

/** Writes the next version, signed, whole or not at all. */
export async function publishVersion(
  store: VersionStore,
  model: NewModel,
  options: PublishOptions,
): Promise<PublishedVersion> {
  // Checked before anything is written: the name becomes a folder.
  const { name } = completeManifest(model, 1);
  for (let attempt = 0; attempt < modelRegistryLimits.publishAttempts; attempt += 1) {
    const newest = (await store.versions(name)).at(-1) ?? 0;
    const manifest = completeManifest(model, newest + 1);
    const { version } = manifest;
    const files = await storedFiles(model, manifest, options.keys);
    const listed = listOf(files);
    files.set(signatureFile, new TextEncoder().encode(signModel(`v${version}`, listed, options.signingKey)));
    if (await store.create({ name, version }, files)) return { manifest, digest: rootDigest(listed) };
  }
  throw new ModelRegistryError("MODEL_PUBLISH_CONFLICT", `${store.location} is written to by others`);
}

/** Signs what lies in a version's place; gives its new root digest. */
export async function signVersion(
  store: VersionStore,
  place: VersionPlace,
  options: { readonly files: ReadonlyMap<string, Uint8Array>; readonly signingKey: SigningKey },
): Promise<string> {
  const listed = listOf(options.files);
  const signature = signModel(`v${place.version}`, listed, options.signingKey);
  await store.replace(place, signatureFile, new TextEncoder().encode(signature));
  return rootDigest(listed);
}

async function storedFiles(
  model: NewModel,
  manifest: ModelManifest,
  keys: KeyManagement | undefined,
): Promise<Map<string, Uint8Array>> {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  const own = new Map([
    [modelFile, model.modelBytes],
    [manifestFile, new TextEncoder().encode(text)],
  ]);
  const stored = new Map<string, Uint8Array>();
  for (const [file, content] of [...own, ...(model.files?.(manifest) ?? [])]) {
    assertFileName(file, stored);
    const place = { model: manifest.name, version: manifest.version, file };
    if (keys === undefined) stored.set(file, content);
    else stored.set(`${file}${encryptedSuffix}`, await encryptArtifact(content, place, keys));
  }
  return stored;
}

function assertFileName(file: string, stored: ReadonlyMap<string, Uint8Array>): void {
  const taken = stored.has(file) || stored.has(`${file}${encryptedSuffix}`) || file === signatureFile;
  if (fileNamePattern.test(file) && !file.endsWith(encryptedSuffix) && !taken) return;
  const detail = `not published: "${file}" cannot be a file of a version, or is there twice`;
  throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail);
}

function listOf(files: ReadonlyMap<string, Uint8Array>): readonly SignedFile[] {
  return [...files].map(([name, content]) => ({ name, sha256: sha256Hex(content) }));
}

function completeManifest(model: NewModel, version: number): ModelManifest {
  const sha256 = sha256Hex(model.modelBytes);
  // What the registry gives comes last: a caller may hold a whole manifest, with a version of its own.
  const given = { schema: "tollgate.model.v1", version, file: modelFile, sha256 };
  const input = { ...model.manifest, ...given };
  const parsed = parseModelManifest(input);
  if (parsed.ok) return parsed.value;
  const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
  throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `not published: ${faults}`);
}

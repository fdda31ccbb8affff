import { decryptArtifact, encryptedSuffix } from "./artifact-envelope.ts";
import { ModelRegistryError } from "./errors.ts";
import type { KeyManagement } from "./key-management.ts";
import { modelRegistryLimits } from "./limits.ts";
import { manifestFile, parseModelManifest, type ModelManifest } from "./model-manifest.ts";
import { sha256HexInTurns } from "./sha256-hex.ts";
import type { VersionPlace, VersionStore } from "./version-store.ts";
import { verifyVersion, type VerificationOptions } from "./verify-version.ts";

/** A model version, verified: the bytes are those that were signed and that the manifest describes. */
export interface ResolvedModel {
  readonly manifest: ModelManifest;
  readonly modelBytes: Uint8Array;
  /** Whatever else the version holds, decrypted: `evaluation.json`, `model-card.md`, `reference.json`… */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Name of the trusted key that signed it; undefined where unsigned versions are allowed. */
  readonly signer: string | undefined;
  /** Root digest of the stored files: the version's content in one number. */
  readonly digest: string;
}

export interface LoadOptions extends VerificationOptions {
  readonly keys: KeyManagement;
}

/** Reads, verifies and decrypts a version, in memory only. */
export async function loadVersion(
  store: VersionStore,
  place: VersionPlace,
  options: LoadOptions,
): Promise<ResolvedModel> {
  const verified = await verifyVersion(store, place, options);
  const files = new Map<string, Uint8Array>();
  for (const [stored, content] of verified.files) {
    const [file, plain] = await decrypted(stored, content, place, options.keys);
    files.set(file, plain);
  }
  const version = `${place.name}@v${place.version}`;
  const manifest = readManifest(version, take(version, files, manifestFile));
  if (manifest.name !== place.name || manifest.version !== place.version) {
    const found = `${manifest.name}@v${manifest.version}`;
    const detail = `${store.location} has ${found}, expected ${version}, in its place`;
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail);
  }
  const modelBytes = take(version, files, manifest.file);
  await assertDigest(manifest, modelBytes);
  return { manifest, modelBytes, files, signer: verified.signer, digest: verified.digest };
}

async function decrypted(
  stored: string,
  content: Uint8Array,
  { name, version }: VersionPlace,
  keys: KeyManagement,
): Promise<readonly [string, Uint8Array]> {
  if (!stored.endsWith(encryptedSuffix)) return [stored, content];
  const file = stored.slice(0, -encryptedSuffix.length);
  return [file, await decryptArtifact(content, { model: name, version, file }, keys)];
}

function take(version: string, files: Map<string, Uint8Array>, file: string): Uint8Array {
  const content = files.get(file);
  if (content === undefined) throw new ModelRegistryError("MODEL_FILE_MISSING", `${version} has no ${file}`);
  files.delete(file);
  return content;
}

function readManifest(version: string, content: Uint8Array): ModelManifest {
  if (content.length > modelRegistryLimits.manifestBytes) {
    const detail = `${version}: a manifest of ${content.length} bytes is too long`;
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail);
  }
  let input: unknown;
  try {
    input = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch (error) {
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `${version}: not JSON in UTF-8`, error);
  }
  const parsed = parseModelManifest(input);
  if (parsed.ok) return parsed.value;
  const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
  throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `${version}: ${faults}`);
}

async function assertDigest(manifest: ModelManifest, modelBytes: Uint8Array): Promise<void> {
  const digest = await sha256HexInTurns(modelBytes);
  if (digest === manifest.sha256) return;
  throw new ModelRegistryError(
    "MODEL_DIGEST_DIFFERS",
    `${manifest.name}@v${manifest.version}: the manifest says sha256 ${manifest.sha256}, ` +
      `the file has ${digest}`,
  );
}

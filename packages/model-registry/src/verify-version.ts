import { ModelRegistryError } from "./errors.ts";
import { modelRegistryLimits } from "./limits.ts";
import { rootDigest, signatureFile, type SignedFile } from "./model-signature.ts";
import { sha256HexInTurns } from "./sha256-hex.ts";
import type { TrustedKey } from "./signing-key.ts";
import type { StoredEntry, VersionPlace, VersionStore } from "./version-store.ts";
import { verifySignature, type VerifiedSignature } from "./verify-signature.ts";

/** The bytes of a version, read once, and who answers for them. */
export interface VerifiedVersion {
  /** Every file but the signature, as it is stored. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Name of the trusted key; undefined for a version without a signature, where that is allowed. */
  readonly signer: string | undefined;
  readonly digest: string;
}

export interface VerificationOptions {
  readonly trusted: readonly TrustedKey[];
  readonly signaturesRequired: boolean;
  readonly warn: (message: string) => void;
}

/** Reads a version and holds it to its signature: every file that was signed, unchanged, and none beside. */
export async function verifyVersion(
  store: VersionStore,
  place: VersionPlace,
  options: VerificationOptions,
): Promise<VerifiedVersion> {
  const version = `${place.name}@v${place.version}`;
  const entries = await store.entries(place);
  if (!entries.some(({ name }) => name === signatureFile)) {
    return readUnsigned(store, place, { version, entries, ...options });
  }
  const signature = verifySignature(
    version,
    await store.read(place, signatureFile, modelRegistryLimits.signatureBytes),
    options.trusted,
  );
  assertListed(version, entries, signature);
  const files = new Map<string, Uint8Array>();
  for (const { name } of signature.files) files.set(name, await readFile(store, place, name));
  await assertUnchanged(version, files, signature);
  return { files, signer: signature.signer, digest: signature.digest };
}

/** The bytes that a signature is made for. Throws for links, folders and too many files. */
export async function readUnverified(
  store: VersionStore,
  place: VersionPlace,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = (await store.entries(place)).filter(({ name }) => name !== signatureFile);
  assertFiles(`${place.name}@v${place.version}`, entries);
  const files = new Map<string, Uint8Array>();
  for (const { name } of entries) files.set(name, await readFile(store, place, name));
  return files;
}

async function readUnsigned(
  store: VersionStore,
  place: VersionPlace,
  options: VerificationOptions & { readonly version: string; readonly entries: readonly StoredEntry[] },
): Promise<VerifiedVersion> {
  const { version, entries, signaturesRequired, warn } = options;
  if (entries.length === 0) throw new ModelRegistryError("MODEL_NOT_FOUND", `${version} is an empty place`);
  if (signaturesRequired) {
    const detail = `${version} in ${store.location} has no ${signatureFile}`;
    throw new ModelRegistryError("MODEL_UNSIGNED", detail);
  }
  const files = await readUnverified(store, place);
  warn(
    `${version} is loaded WITHOUT A SIGNATURE: anyone who can write to ${store.location} decides what it ` +
      "scores. TOLLGATE_MODEL_SIGNATURES=unsigned-in-development allows it.",
  );
  const listed: SignedFile[] = [];
  for (const [name, content] of files) listed.push({ name, sha256: await sha256HexInTurns(content) });
  return { files, signer: undefined, digest: rootDigest(listed) };
}

function assertListed(version: string, entries: readonly StoredEntry[], signature: VerifiedSignature): void {
  const others = entries.filter(({ name }) => name !== signatureFile);
  assertFiles(version, others);
  const listed = new Set(signature.files.map(({ name }) => name));
  const there = new Set(others.map(({ name }) => name));
  const unlisted = [...there].filter((name) => !listed.has(name));
  if (unlisted.length > 0) {
    const detail = `${version} holds ${unlisted.join(", ")}, signed are: ${[...listed].join(", ")}`;
    throw new ModelRegistryError("MODEL_FILE_UNLISTED", detail);
  }
  const missing = [...listed].filter((name) => !there.has(name));
  if (missing.length === 0) return;
  throw new ModelRegistryError("MODEL_FILE_MISSING", `${version} lacks ${missing.join(", ")}`);
}

function assertFiles(version: string, entries: readonly StoredEntry[]): void {
  const odd = entries.find(({ regular }) => !regular);
  if (odd !== undefined) {
    const detail = `${version} holds ${odd.name}, which is a folder, a link or a device`;
    throw new ModelRegistryError("MODEL_FILE_UNLISTED", detail);
  }
  if (entries.length <= modelRegistryLimits.files) return;
  const detail = `${version} holds ${entries.length} files, at most ${modelRegistryLimits.files} are read`;
  throw new ModelRegistryError("MODEL_FILE_UNLISTED", detail);
}

async function assertUnchanged(
  version: string,
  files: ReadonlyMap<string, Uint8Array>,
  signature: VerifiedSignature,
): Promise<void> {
  for (const { name, sha256 } of signature.files) {
    const found = await sha256HexInTurns(files.get(name) ?? new Uint8Array());
    if (found === sha256) continue;
    const other = signature.files.find((file) => file.sha256 === found);
    const swapped = other === undefined ? "" : `: these are the bytes of ${other.name}`;
    throw new ModelRegistryError(
      "MODEL_DIGEST_DIFFERS",
      `${version} ${name}: signed was sha256 ${sha256}, the file has ${found}${swapped}`,
    );
  }
}

async function readFile(store: VersionStore, place: VersionPlace, file: string): Promise<Uint8Array> {
  const isModel = file.startsWith("model.onnx");
  const { modelBytes, artifactBytes } = modelRegistryLimits;
  return store.read(place, file, isModel ? modelBytes : artifactBytes);
}

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { link, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { commandKeyManagement } from "./command-key-management.ts";
import { ModelRegistryError } from "./errors.ts";
import { keyBytes, localKeyManagement, type KeyManagement } from "./key-management.ts";
import { shippedTrustFolder, type RegistryConfig } from "./config.ts";
import {
  publicPem,
  readSigningKey,
  readTrustedKey,
  type SigningKey,
  type TrustedKey,
} from "./signing-key.ts";
import { writeFileDurably } from "./write-file-durably.ts";

const privateMode = 0o600;
const publicMode = 0o644;

/**
 * Makes the keys that the folder lacks: a pair to sign with, a key to encrypt with. Two processes that meet
 * agree on one set. What is there is never replaced.
 */
export async function createLocalKeys(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeOnce(join(folder, "signing.pem"), pem, privateMode);
  const signing = readSigningKey(folder, await readFile(join(folder, "signing.pem")));
  await writeOnce(join(folder, "signing.pub.pem"), publicPem(signing.privateKey), publicMode);
  const encryption = `${randomBytes(keyBytes).toString("base64")}\n`;
  await writeOnce(join(folder, "encryption.key"), encryption, privateMode);
}

/** The key that new versions are signed with; made when no file is named and the folder has none. */
export async function signingKeyOf(config: RegistryConfig): Promise<SigningKey> {
  if (config.signingKeyFile === undefined) await createLocalKeys(config.keysFolder);
  const path = config.signingKeyFile ?? join(config.keysFolder, "signing.pem");
  return readSigningKey(path, await readKey(path));
}

/** The public keys that are believed now; read at each load, so that a key that is removed counts no more. */
export async function trustedKeysOf(config: RegistryConfig): Promise<readonly TrustedKey[]> {
  const places = config.trust ?? [shippedTrustFolder, config.keysFolder];
  const lists = await Promise.all(places.map((place) => trustedKeysAt(place, config.trust !== undefined)));
  return lists.flat();
}

/** The keys that wrap and unwrap the artifacts' own; made by the first wrapping, where none are named. */
export function keyManagementOf(config: RegistryConfig): KeyManagement {
  if (config.keyCommand !== undefined) return commandKeyManagement(config.keyCommand);
  return {
    async wrap(dataKey, context) {
      if (config.encryptionKeys === undefined) await createLocalKeys(config.keysFolder);
      return localKeyManagement(await encryptionKeysOf(config)).wrap(dataKey, context);
    },
    unwrap: async (wrapped, context) =>
      localKeyManagement(await encryptionKeysOf(config)).unwrap(wrapped, context),
  };
}

async function encryptionKeysOf(config: RegistryConfig): Promise<readonly Uint8Array[]> {
  if (config.encryptionKeys !== undefined) {
    return config.encryptionKeys.map((text) => keyFrom("TOLLGATE_MODEL_ENCRYPTION_KEYS", text));
  }
  const path = join(config.keysFolder, "encryption.key");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${path} cannot be read`, error);
  });
  return text === undefined ? [] : [keyFrom(path, text.trim())];
}

function keyFrom(origin: string, text: string): Uint8Array {
  const key = Buffer.from(text, "base64");
  if (key.length === keyBytes && key.toString("base64") === text) return key;
  const detail = `${origin} must hold ${keyBytes} bytes in base64 (openssl rand -base64 ${keyBytes})`;
  throw new ModelRegistryError("MODEL_KEY_UNUSABLE", detail);
}

async function trustedKeysAt(place: string, named: boolean): Promise<readonly TrustedKey[]> {
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOTDIR") return undefined;
    if (error.code === "ENOENT" && !named) return [];
    throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${place} cannot be read`, error);
  });
  const paths = names?.filter((name) => name.endsWith(".pub.pem")).map((name) => join(place, name)) ?? [
    place,
  ];
  return Promise.all(
    paths.toSorted().map(async (path) => {
      return readTrustedKey(path, {
        name: basename(path).replace(/(\.pub)?\.pem$/u, ""),
        pem: await readKey(path),
      });
    }),
  );
}

async function readKey(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${path} cannot be read`, error);
  }
}

/** A reader sees the whole file or none; of two writers the first one's stays. */
async function writeOnce(path: string, content: string, mode: number): Promise<void> {
  const temporary = await mkdtemp(`${path}-`);
  try {
    await writeFileDurably(join(temporary, "key"), content, mode);
    await link(join(temporary, "key"), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

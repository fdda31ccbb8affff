import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";
import { inTurns } from "./in-turns.ts";
import { ModelRegistryError } from "./errors.ts";
import { keyBytes, type KeyManagement } from "./key-management.ts";

/** Where an artifact belongs: bound to its bytes, so that it decrypts nowhere else. */
export interface ArtifactPlace {
  readonly model: string;
  readonly version: number;
  readonly file: string;
}

/** What an encrypted file's name ends with. */
export const encryptedSuffix = ".enc";

const magic = "TOLLGATE-ENVELOPE-1\n";
const nonceBytes = 12;
const tagBytes = 16;
/** The header is one line of JSON; a cloud's wrapped key has up to 600 bytes. */
const headerBytesMax = 4_096;
const lineFeed = 10;

const headerSchema = z.strictObject({
  algorithm: z.literal("AES-256-GCM"),
  keyId: z.string().min(1),
  wrappedKey: z.base64(),
  nonce: z.base64(),
});

/**
 * Encrypts an artifact with a key of its own (docs/specs/model-manifest.md): a line that names the format, a
 * line of JSON, the ciphertext, the tag of 16 bytes. Both lines and the place are authenticated with it.
 */
export async function encryptArtifact(
  content: Uint8Array,
  place: ArtifactPlace,
  keys: KeyManagement,
): Promise<Uint8Array> {
  const dataKey = randomBytes(keyBytes);
  const nonce = randomBytes(nonceBytes);
  const { keyId, wrapped } = await keys.wrap(dataKey, contextOf(place));
  const header = {
    algorithm: "AES-256-GCM",
    keyId,
    wrappedKey: Buffer.from(wrapped).toString("base64"),
    nonce: nonce.toString("base64"),
  };
  const head = Buffer.from(`${magic}${canonicalJson(header)}\n`);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce).setAAD(authenticated(head, place));
  const sealed = [head, cipher.update(content), cipher.final()];
  dataKey.fill(0);
  return Buffer.concat([...sealed, cipher.getAuthTag()]);
}

/** Decrypts in memory. Throws MODEL_DECRYPTION_FAILED, or MODEL_KEY_MISSING. */
export async function decryptArtifact(
  envelope: Uint8Array,
  place: ArtifactPlace,
  keys: KeyManagement,
): Promise<Uint8Array> {
  const { header, head, sealed } = split(envelope, place);
  const wrapped = Buffer.from(header.wrappedKey, "base64");
  const dataKey = await keys.unwrap({ keyId: header.keyId, wrapped }, contextOf(place));
  try {
    const nonce = Buffer.from(header.nonce, "base64");
    const decipher = createDecipheriv("aes-256-gcm", dataKey, nonce, { authTagLength: tagBytes });
    decipher.setAAD(authenticated(head, place)).setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const content = Buffer.allocUnsafe(sealed.length - tagBytes);
    let length = 0;
    await inTurns(sealed.subarray(0, content.length), (piece) => {
      length += decipher.update(piece).copy(content, length);
    });
    // What was decrypted so far counts for nothing until the tag is right.
    decipher.final();
    return content;
  } catch (error) {
    throw failed(place, "its bytes, or the place that they are bound to, are others", error);
  } finally {
    dataKey.fill(0);
  }
}

function split(
  envelope: Uint8Array,
  place: ArtifactPlace,
): { header: z.infer<typeof headerSchema>; head: Uint8Array; sealed: Uint8Array } {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  const magicEnd = magic.length;
  if (bytes.subarray(0, magicEnd).toString("latin1") !== magic) throw failed(place, "it is no envelope");
  const headEnd = bytes.subarray(0, headerBytesMax).indexOf(lineFeed, magicEnd) + 1;
  if (headEnd === 0 || bytes.length < headEnd + tagBytes) throw failed(place, "it is cut off");
  try {
    const header = headerSchema.parse(JSON.parse(bytes.subarray(magicEnd, headEnd).toString("utf8")));
    return { header, head: bytes.subarray(0, headEnd), sealed: bytes.subarray(headEnd) };
  } catch (error) {
    throw failed(place, "its header is not one", error);
  }
}

function contextOf({ model, version, file }: ArtifactPlace): {
  model: string;
  version: number;
  file: string;
} {
  return { model, version, file };
}

function authenticated(head: Uint8Array, place: ArtifactPlace): Uint8Array {
  return Buffer.concat([head, Buffer.from(canonicalJson(contextOf(place)))]);
}

function failed(
  { model, version, file }: ArtifactPlace,
  detail: string,
  cause?: unknown,
): ModelRegistryError {
  return new ModelRegistryError("MODEL_DECRYPTION_FAILED", `${model}@v${version} ${file}: ${detail}`, cause);
}

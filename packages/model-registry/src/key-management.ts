import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { canonicalJson, type JsonValue } from "./canonical-json.ts";
import { ModelRegistryError } from "./errors.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** A data key that only the holder of the key `keyId` can unwrap. */
export interface WrappedKey {
  readonly keyId: string;
  readonly wrapped: Uint8Array;
}

/**
 * Wraps the data keys of artifacts. A cloud's key management fits behind it: `context` is what AWS calls the
 * encryption context and Google the additional authenticated data, and must be the same at unwrapping.
 */
export interface KeyManagement {
  wrap(dataKey: Uint8Array, context: Readonly<Record<string, JsonValue>>): Promise<WrappedKey>;
  /** Throws MODEL_KEY_MISSING for an unknown key, MODEL_DECRYPTION_FAILED when the wrapping was changed. */
  unwrap(wrapped: WrappedKey, context: Readonly<Record<string, JsonValue>>): Promise<Uint8Array>;
}

/** Bytes of every AES-256 key. */
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Key management by keys of this process: the first wraps, every one unwraps, so that keys can be rotated.
 * @param keys of 32 bytes each.
 */
export function localKeyManagement(keys: readonly Uint8Array[]): KeyManagement {
  const known = new Map(keys.map((key) => [idOf(key), key]));
  const [first] = keys;
  return {
    async wrap(dataKey, context) {
      if (first === undefined)
        throw new ModelRegistryError("MODEL_KEY_MISSING", "there is no key to wrap with");
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", first, nonce).setAAD(aad(context));
      const sealed = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      return { keyId: idOf(first), wrapped: Buffer.concat([nonce, sealed, cipher.getAuthTag()]) };
    },
    async unwrap({ keyId, wrapped }, context) {
      const key = known.get(keyId);
      if (key === undefined) {
        const names = [...known.keys()].join(", ") || "none";
        throw new ModelRegistryError("MODEL_KEY_MISSING", `encrypted with key ${keyId}, here are: ${names}`);
      }
      const sealedEnd = wrapped.length - tagBytes;
      try {
        const nonce = wrapped.subarray(0, nonceBytes);
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
        decipher.setAAD(aad(context)).setAuthTag(wrapped.subarray(sealedEnd));
        return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, sealedEnd)), decipher.final()]);
      } catch (error) {
        const detail = `the data key does not unwrap with key ${keyId} for ${canonicalJson(context)}`;
        throw new ModelRegistryError("MODEL_DECRYPTION_FAILED", detail, error);
      }
    },
  };
}

/** Names a key without telling anything of it. */
function idOf(key: Uint8Array): string {
  return `local:${sha256Hex(Buffer.concat([Buffer.from("tollgate-key-id"), key])).slice(0, 16)}`;
}

function aad(context: Readonly<Record<string, JsonValue>>): Uint8Array {
  return Buffer.from(canonicalJson(context));
}

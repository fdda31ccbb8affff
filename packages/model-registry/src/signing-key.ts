import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { ModelRegistryError } from "./errors.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** A private key and the hint by which a verifier finds its public one. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly hint: string;
}

/** A public key whose signatures are believed. */
export interface TrustedKey {
  /** The name of its file: who it belongs to. */
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly hint: string;
}

/** The digest that OpenSSF Model Signing 1.0 takes for a curve. */
const digestOfCurve: Readonly<Record<string, string>> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};

/** Reads a private key in PEM. Throws MODEL_KEY_UNUSABLE. */
export function readSigningKey(path: string, pem: Uint8Array): SigningKey {
  const privateKey = usable(path, () => createPrivateKey(Buffer.from(pem)));
  return { privateKey, hint: hintOf(createPublicKey(privateKey)) };
}

/** Reads a public key in PEM. Throws MODEL_KEY_UNUSABLE, also for a private key: it has no place there. */
export function readTrustedKey(path: string, options: { name: string; pem: Uint8Array }): TrustedKey {
  const { name, pem } = options;
  if (Buffer.from(pem).includes("PRIVATE KEY")) {
    throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${path} holds a private key: trust its public key`);
  }
  const publicKey = usable(path, () => createPublicKey(Buffer.from(pem)));
  return { name, publicKey, hint: hintOf(publicKey) };
}

/** Name of the digest that goes with the key's curve. */
export function digestFor(key: KeyObject): string {
  return digestOfCurve[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? "sha256";
}

/** The public key in PEM, as it goes into a trust list. */
export function publicPem(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return String(publicKey.export({ type: "spki", format: "pem" }));
}

/** SHA-256 of the public key's PEM, as the other implementations of the format compute it. */
function hintOf(publicKey: KeyObject): string {
  return sha256Hex(publicPem(publicKey));
}

function usable(path: string, read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${path} holds no key in PEM`, error);
  }
  const curve = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  if (curve in digestOfCurve) return key;
  const curves = Object.keys(digestOfCurve).join(", ");
  throw new ModelRegistryError("MODEL_KEY_UNUSABLE", `${path} is a key of kind ${curve}, not of ${curves}`);
}

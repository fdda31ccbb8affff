import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { ModelRegistryError } from "../src/errors.ts";
import { rootDigest, signModel } from "../src/model-signature.ts";
import {
  publicPem,
  readSigningKey,
  readTrustedKey,
  type SigningKey,
  type TrustedKey,
} from "../src/signing-key.ts";
import { verifySignature } from "../src/verify-signature.ts";

const version = "card-payments@v1";
const files = [
  { name: "model.onnx", sha256: "11".repeat(32) },
  { name: "manifest.json", sha256: "22".repeat(32) },
];

test("what was signed is read back, whatever order it was given in", () => {
  const { signing, trusted } = keyPair("prime256v1");
  const read = verifySignature(version, bytes(signModel("v1", files, signing)), [trusted]);
  expect(read).toEqual({ signer: "me", files: files.toReversed(), digest: rootDigest(files) });
});

test.for(["secp384r1", "secp521r1"])("the format's other curve %s is understood", (curve) => {
  const { signing, trusted } = keyPair(curve);
  expect(verifySignature(version, bytes(signModel("v1", files, signing)), [trusted]).signer).toBe("me");
});

test("a key of another curve is refused by its name", () => {
  expect(() => keyPair("secp256k1")).toThrow(/MODEL_KEY_UNUSABLE.*secp256k1/u);
});

test("a private key is refused in a trust list", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = Buffer.from(String(privateKey.export({ type: "pkcs8", format: "pem" })));
  expect(() => readTrustedKey("list", { name: "list", pem })).toThrow("trust its public key");
});

test("every byte of a signature matters", { timeout: 120_000 }, () => {
  const { signing, trusted } = keyPair("prime256v1");
  const signature = bytes(signModel("v1", files, signing));
  for (let at = 0; at < signature.length; at += 1) {
    const changed = Uint8Array.from(signature);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    expect(() => verifySignature(version, changed, [trusted]), `byte ${at}`).toThrow(ModelRegistryError);
  }
});

test("a signature by a trusted key under another trusted key's hint is refused", () => {
  const mine = keyPair("prime256v1");
  const other = keyPair("prime256v1");
  const signature = signModel("v1", files, { ...mine.signing, hint: other.signing.hint });
  expect(() => verifySignature(version, bytes(signature), [mine.trusted, other.trusted])).toThrow(
    "MODEL_SIGNATURE_INVALID",
  );
});

test("a statement of another kind is refused although its signature is right", () => {
  const { signing, trusted } = keyPair("prime256v1");
  const twice = [...files, { name: "model.onnx", sha256: "33".repeat(32) }];
  expect(() => verifySignature(version, bytes(signModel("v1", twice, signing)), [trusted])).toThrow(
    "names a file twice",
  );
  const above = [{ name: "../model.onnx", sha256: "33".repeat(32) }];
  expect(() => verifySignature(version, bytes(signModel("v1", above, signing)), [trusted])).toThrow(
    "/predicate/resources/0/name",
  );
});

function keyPair(namedCurve: string): { signing: SigningKey; trusted: TrustedKey } {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve });
  const pem = Buffer.from(String(privateKey.export({ type: "pkcs8", format: "pem" })));
  const signing = readSigningKey("key", pem);
  const trusted = readTrustedKey("key", { name: "me", pem: Buffer.from(publicPem(privateKey)) });
  return { signing, trusted };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

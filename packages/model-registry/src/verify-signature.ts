import { verify } from "node:crypto";
import { z } from "zod";
import { preAuthenticationEncoding, statementMediaType } from "./dsse.ts";
import { ModelRegistryError } from "./errors.ts";
import { bundleMediaType, inTotoStatementType, predicateType, rootDigest } from "./model-signature.ts";
import type { SignedFile } from "./model-signature.ts";
import { digestFor, type TrustedKey } from "./signing-key.ts";

/** What a signature that was verified says. */
export interface VerifiedSignature {
  /** Name of the trusted key. */
  readonly signer: string;
  readonly files: readonly SignedFile[];
  /** Root digest of the files: the version's content in one number. */
  readonly digest: string;
}

const signatureSchema = z.strictObject({
  sig: z.base64(),
  keyid: z.union([z.literal(""), z.null()]).optional(),
});

/** Only what the format writes may stand there: a field more or less is a changed signature. */
const bundleSchema = z.strictObject({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string() }),
    tlogEntries: z.array(z.unknown()).optional(),
    timestampVerificationData: z.unknown().optional(),
  }),
  dsseEnvelope: z.strictObject({
    payload: z.base64(),
    payloadType: z.literal(statementMediaType),
    signatures: z.array(signatureSchema).length(1),
  }),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

const resourceSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u),
  algorithm: z.literal("sha256"),
  digest: sha256,
});

/** Unknown fields are passed over, as the format demands. */
const statementSchema = z.object({
  _type: z.literal(inTotoStatementType),
  subject: z.array(z.object({ name: z.string().min(1), digest: z.object({ sha256 }) })).length(1),
  predicateType: z.literal(predicateType),
  predicate: z.object({
    resources: z.array(resourceSchema).min(1),
    serialization: z.object({
      method: z.literal("files"),
      hash_type: z.literal("sha256"),
      allow_symlinks: z.literal(false),
    }),
  }),
});

/**
 * Verifies `model.sig`. Throws MODEL_SIGNER_UNTRUSTED for a key that is not in the list, otherwise
 * MODEL_SIGNATURE_INVALID with what is wrong.
 * @param version as messages name it, `card-payments@v3`.
 */
export function verifySignature(
  version: string,
  signature: Uint8Array,
  trusted: readonly TrustedKey[],
): VerifiedSignature {
  const bundle = parse(version, "the signature", signature, bundleSchema);
  const { payload, signatures } = bundle.dsseEnvelope;
  const { hint } = bundle.verificationMaterial.publicKey;
  const key = trusted.find((candidate) => candidate.hint === hint);
  if (key === undefined) {
    const known = trusted.map(({ name }) => name).join(", ") || "none";
    const detail = `${version} is signed with key ${hint.slice(0, 16)}, trusted are: ${known}`;
    throw new ModelRegistryError("MODEL_SIGNER_UNTRUSTED", detail);
  }
  const content = bytesOf(version, payload);
  const signed = bytesOf(version, signatures[0]?.sig ?? "");
  const encoded = preAuthenticationEncoding(statementMediaType, content);
  if (!verify(digestFor(key.publicKey), encoded, key.publicKey, signed)) {
    throw invalid(version, `the signature is not of key "${key.name}" over this statement`);
  }
  const statement = parse(version, "the signed statement", content, statementSchema);
  const files = statement.predicate.resources.map(({ name, digest }) => ({ name, sha256: digest }));
  if (new Set(files.map(({ name }) => name)).size !== files.length) {
    throw invalid(version, "it names a file twice");
  }
  const digest = rootDigest(files);
  if (digest !== statement.subject[0]?.digest.sha256) {
    throw invalid(version, "its root digest is not that of its files");
  }
  return { signer: key.name, files, digest };
}

function parse<T>(version: string, what: string, content: Uint8Array, schema: z.ZodType<T>): T {
  let input: unknown;
  try {
    input = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch (error) {
    throw invalid(version, `${what} is not JSON in UTF-8`, error);
  }
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `/${path.map(String).join("/")} ${message}`);
  throw invalid(version, `${what} is not of OpenSSF Model Signing 1.0: ${faults.join("; ")}`);
}

/** Base64 has spare bits in its last letter: only the text that encodes the bytes is taken. */
function bytesOf(version: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return bytes;
  throw invalid(version, "a base64 text in it is not as an encoder writes it");
}

function invalid(version: string, detail: string, cause?: unknown): ModelRegistryError {
  return new ModelRegistryError("MODEL_SIGNATURE_INVALID", `${version}: ${detail}`, cause);
}

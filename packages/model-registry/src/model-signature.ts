import { sign } from "node:crypto";
import { preAuthenticationEncoding, statementMediaType } from "./dsse.ts";
import { sha256Hex } from "./sha256-hex.ts";
import { digestFor, type SigningKey } from "./signing-key.ts";

export const signatureFile = "model.sig";
export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
export const predicateType = "https://model_signing/signature/v1.0";
export const inTotoStatementType = "https://in-toto.io/Statement/v1";

/** A file of the version and the SHA-256 of its stored bytes. */
export interface SignedFile {
  readonly name: string;
  readonly sha256: string;
}

/** What the format leaves out of every signature. */
const ignoredPaths = [signatureFile, ".git", ".gitattributes", ".github", ".gitignore"];

/**
 * Signs the files of a version (OpenSSF Model Signing 1.0, method "key"); gives the text of `model.sig`.
 * It has no white space: each of its bytes means something, so that none can change unnoticed.
 * @param subject name of the version's folder; for people only.
 */
export function signModel(subject: string, files: readonly SignedFile[], key: SigningKey): string {
  const sorted = sortedByName(files);
  const statement = {
    _type: inTotoStatementType,
    subject: [{ name: subject, digest: { sha256: rootDigest(sorted) } }],
    predicateType,
    predicate: {
      resources: sorted.map(({ name, sha256 }) => ({ name, algorithm: "sha256", digest: sha256 })),
      serialization: {
        method: "files",
        hash_type: "sha256",
        allow_symlinks: false,
        ignore_paths: ignoredPaths,
      },
    },
  };
  const payload = new TextEncoder().encode(JSON.stringify(statement));
  const signed = preAuthenticationEncoding(statementMediaType, payload);
  const signature = sign(digestFor(key.privateKey), signed, key.privateKey);
  return JSON.stringify({
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: key.hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString("base64"),
      payloadType: statementMediaType,
      signatures: [{ sig: signature.toString("base64"), keyid: "" }],
    },
  });
}

/** SHA-256 over the files' raw digests in the order of their names: identifies the version's content. */
export function rootDigest(files: readonly SignedFile[]): string {
  return sha256Hex(Buffer.concat(sortedByName(files).map(({ sha256 }) => Buffer.from(sha256, "hex"))));
}

/** File names are ASCII (checked where they are read), so code units sort them as code points do. */
function sortedByName(files: readonly SignedFile[]): readonly SignedFile[] {
  return files.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

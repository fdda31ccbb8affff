import type { ErrorEntry } from "@tollgate/contracts";

export type ModelRegistryErrorCode =
  | "MODEL_REFERENCE_INVALID"
  | "MODEL_NOT_FOUND"
  | "MODEL_ALIAS_NOT_FOUND"
  | "MODEL_MANIFEST_INVALID"
  | "MODEL_DIGEST_DIFFERS"
  | "FEATURE_SET_DIFFERS"
  | "MODEL_PUBLISH_CONFLICT"
  | "MODEL_UNSIGNED"
  | "MODEL_SIGNATURE_INVALID"
  | "MODEL_SIGNER_UNTRUSTED"
  | "MODEL_FILE_MISSING"
  | "MODEL_FILE_UNLISTED"
  | "MODEL_KEY_UNUSABLE"
  | "MODEL_KEY_MISSING"
  | "MODEL_DECRYPTION_FAILED"
  | "MODEL_STORE_AWAY"
  | "REGISTRY_DATABASE_AWAY"
  | "REGISTRY_DATABASE_NEEDED"
  | "REGISTRY_ENTRY_INVALID"
  | "REGISTRY_ROLE_MISSING"
  | "REGISTRY_APPROVER_IS_PUBLISHER"
  | "REGISTRY_VERSION_UNRECORDED"
  | "REGISTRY_HISTORY_BROKEN";

/** Why a model cannot be had from the registry, and what to do about it. */
export const modelRegistryErrors: Readonly<Record<ModelRegistryErrorCode, ErrorEntry>> = {
  MODEL_REFERENCE_INVALID: {
    status: 400,
    retryable: false,
    message: "The model reference is not understood. Write name@champion, name@v3 or name/3.",
  },
  MODEL_NOT_FOUND: {
    status: 404,
    retryable: false,
    message:
      "The registry has no such model version. Check the reference and the registry folder, or train it.",
  },
  MODEL_ALIAS_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "The alias names no version of this model. Set it when publishing, or ask for a version.",
  },
  MODEL_MANIFEST_INVALID: {
    status: 500,
    retryable: false,
    message: "The model's manifest does not hold together. Publish the model again; never edit a manifest.",
  },
  MODEL_DIGEST_DIFFERS: {
    status: 500,
    retryable: false,
    message: "The file is not the one that was signed and described. Fetch or publish the model again.",
  },
  FEATURE_SET_DIFFERS: {
    status: 500,
    retryable: false,
    message: "The model was trained on another feature layout. Train it again, or serve the layout it knows.",
  },
  MODEL_PUBLISH_CONFLICT: {
    status: 409,
    retryable: true,
    message: "Other publishers took every version that was tried. Publish again when they are done.",
  },
  MODEL_UNSIGNED: {
    status: 500,
    retryable: false,
    message: "The version has no signature. Sign it with `npm run models -- sign`, once its files are known.",
  },
  MODEL_SIGNATURE_INVALID: {
    status: 500,
    retryable: false,
    message: "The signature does not verify: it was changed, or is another version's. Fetch the model again.",
  },
  MODEL_SIGNER_UNTRUSTED: {
    status: 500,
    retryable: false,
    message:
      "The signer is not trusted. Add its public key to TOLLGATE_MODEL_TRUST, if you know whose it is.",
  },
  MODEL_FILE_MISSING: {
    status: 500,
    retryable: false,
    message: "A signed file of the version is not there. Fetch or publish the model again.",
  },
  MODEL_FILE_UNLISTED: {
    status: 500,
    retryable: false,
    message: "The version holds a file that was not signed. Remove it, or sign the version again with it.",
  },
  MODEL_KEY_UNUSABLE: {
    status: 500,
    retryable: false,
    message: "A key cannot be read. Make keys with `npm run models -- keys create`, or name the right file.",
  },
  MODEL_KEY_MISSING: {
    status: 500,
    retryable: false,
    message:
      "The key that the model was encrypted with is not here. Set TOLLGATE_MODEL_ENCRYPTION_KEYS to it.",
  },
  MODEL_DECRYPTION_FAILED: {
    status: 500,
    retryable: false,
    message:
      "The file does not decrypt: it was changed, or stands in for another one. Fetch the model again.",
  },
  MODEL_STORE_AWAY: {
    status: 503,
    retryable: true,
    message: "The registry's bucket does not answer as it should. Check endpoint, region and credentials.",
  },
  REGISTRY_DATABASE_AWAY: {
    status: 503,
    retryable: true,
    message: "The registry's PostgreSQL does not answer. Start it, or mend TOLLGATE_MODEL_REGISTRY_DATABASE.",
  },
  REGISTRY_DATABASE_NEEDED: {
    status: 500,
    retryable: false,
    message: "This needs the history in PostgreSQL. Set TOLLGATE_MODEL_REGISTRY_DATABASE.",
  },
  REGISTRY_ENTRY_INVALID: {
    status: 400,
    retryable: false,
    message:
      "The history takes no such entry. Say who, and why in 1 to 1,000 letters; roles are the known ones.",
  },
  REGISTRY_ROLE_MISSING: {
    status: 403,
    retryable: false,
    message: "The identity has not the role for this. An approver gives it with `npm run models -- role`.",
  },
  REGISTRY_APPROVER_IS_PUBLISHER: {
    status: 403,
    retryable: false,
    message: "Who published a version cannot approve it. Let another approver move the alias.",
  },
  REGISTRY_VERSION_UNRECORDED: {
    status: 409,
    retryable: false,
    message: "The history does not know the version with this content. Run `npm run models -- record` first.",
  },
  REGISTRY_HISTORY_BROKEN: {
    status: 500,
    retryable: false,
    message: "The history was changed: its chain does not hold. Compare it with a backup, from that link on.",
  },
};

/** An error of the table, with what happened in this case; `entry` is what a caller may see. */
export class ModelRegistryError extends Error {
  readonly code: ModelRegistryErrorCode;
  readonly entry: ErrorEntry;
  constructor(code: ModelRegistryErrorCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.name = "ModelRegistryError";
    this.code = code;
    this.entry = modelRegistryErrors[code];
  }
}

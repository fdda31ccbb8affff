import type { ErrorEntry } from "@tollgate/contracts";

export type ModelRegistryErrorCode =
  | "MODEL_REFERENCE_INVALID"
  | "MODEL_NOT_FOUND"
  | "MODEL_ALIAS_NOT_FOUND"
  | "MODEL_MANIFEST_INVALID"
  | "MODEL_DIGEST_DIFFERS"
  | "FEATURE_SET_DIFFERS"
  | "MODEL_PUBLISH_CONFLICT";

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
    message: "The model file is not the one its manifest describes. Fetch or publish the model again.",
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

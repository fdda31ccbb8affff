import { fileURLToPath } from "node:url";
import { configReader, type Environment } from "@tollgate/runtime";

/** Who is believed, with what is signed and encrypted, and where the history is kept. */
export interface RegistryConfig {
  /** Folder of the keys that are made on demand: `signing.pem`, `signing.pub.pem`, `encryption.key`. */
  readonly keysFolder: string;
  /** Private key in PEM; undefined for the one of the keys folder. */
  readonly signingKeyFile: string | undefined;
  /** Files and folders of public keys; undefined for those of this package and of the keys folder. */
  readonly trust: readonly string[] | undefined;
  /** Keys of 32 bytes in base64, the first one encrypts; undefined for the one of the keys folder. */
  readonly encryptionKeys: readonly string[] | undefined;
  /** Program that wraps and unwraps in place of keys in this process. */
  readonly keyCommand: string | undefined;
  /** Whether new versions are encrypted; what is read says of itself whether it is. */
  readonly encryption: boolean;
  /** Whether a version without a signature is refused. One with a signature is verified in any case. */
  readonly signaturesRequired: boolean;
  /** PostgreSQL with the history of aliases; undefined for files beside the versions. */
  readonly databaseUrl: string | undefined;
  /** Whether a bucket is addressed by path, as most servers beside Amazon's want it. */
  readonly s3PathStyle: boolean;
  /** Who publishes and approves; undefined for the name of the login. */
  readonly identity: string | undefined;
}

/** Reads the registry's settings. Throws one ConfigError with all faults. */
export function loadRegistryConfig(environment: Environment): RegistryConfig {
  const reader = configReader(environment);
  const signatures = reader.oneOf("TOLLGATE_MODEL_SIGNATURES", {
    default: "required",
    values: ["required", "unsigned-in-development"],
  });
  const config: RegistryConfig = {
    keysFolder: reader.string("TOLLGATE_MODEL_KEYS", localKeysFolder),
    signingKeyFile: reader.optional("TOLLGATE_MODEL_SIGNING_KEY"),
    trust: listOf(reader.optional("TOLLGATE_MODEL_TRUST")),
    encryptionKeys: listOf(reader.optional("TOLLGATE_MODEL_ENCRYPTION_KEYS")),
    keyCommand: reader.optional("TOLLGATE_MODEL_KEY_COMMAND"),
    encryption: reader.boolean("TOLLGATE_MODEL_ENCRYPTION", true),
    signaturesRequired: signatures === "required",
    databaseUrl: reader.optional("TOLLGATE_MODEL_REGISTRY_DATABASE"),
    s3PathStyle: reader.boolean("TOLLGATE_MODEL_S3_PATH_STYLE", false),
    identity: reader.optional("TOLLGATE_MODEL_IDENTITY"),
  };
  reader.finish();
  return config;
}

/** What the registry is opened with when its opener says nothing else. */
export function processEnvironment(): Environment {
  return process.env;
}

/** Public keys that came with the platform: who signs what this repository carries. */
export const shippedTrustFolder: string = fileURLToPath(new URL("../trust", import.meta.url));

const localKeysFolder = fileURLToPath(new URL("../../../.local/model-keys", import.meta.url));

function listOf(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

import { resolve } from "node:path";
import type { RegistryConfig } from "./config.ts";
import { directoryStore } from "./directory-store.ts";
import { ModelRegistryError } from "./errors.ts";
import { modelRegistryLimits } from "./limits.ts";
import type { VersionStore } from "./version-store.ts";

/** True for a location in a bucket, `s3://bucket/prefix`. */
export function isBucket(location: string): boolean {
  return location.startsWith("s3://");
}

/** A location as a person writes it: a folder from where they are, or a bucket as it is. */
export function registryLocation(text: string): string {
  return isBucket(text) ? text : resolve(text);
}

/** A folder, or `s3://bucket/prefix`; the client of the latter is loaded when it is first used. */
export function openVersionStore(location: string, config: RegistryConfig): VersionStore {
  if (!isBucket(location)) return directoryStore(location);
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/u.exec(location) ?? [];
  if (bucket === "") {
    throw new ModelRegistryError("MODEL_REFERENCE_INVALID", `${location} must be s3://bucket/prefix`);
  }
  let opened: Promise<VersionStore> | undefined;
  const open = async (): Promise<VersionStore> => {
    opened ??= openBucket(bucket, { prefix: path === "" ? "" : `${path}/`, pathStyle: config.s3PathStyle });
    return opened;
  };
  return {
    location,
    models: async () => (await open()).models(),
    versions: async (name) => (await open()).versions(name),
    entries: async (place) => (await open()).entries(place),
    read: async (place, file, maxBytes) => (await open()).read(place, file, maxBytes),
    create: async (place, files) => (await open()).create(place, files),
    replace: async (place, file, content) => (await open()).replace(place, file, content),
  };
}

/** Endpoint, region and credentials are found as every AWS program finds them. */
async function openBucket(
  bucket: string,
  options: { readonly prefix: string; readonly pathStyle: boolean },
): Promise<VersionStore> {
  const [{ S3Client }, { s3Store }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("./s3-store.ts"),
  ]);
  const { s3ConnectMs: connectionTimeout, s3RequestMs: requestTimeout, s3Attempts } = modelRegistryLimits;
  const client = new S3Client({
    forcePathStyle: options.pathStyle,
    maxAttempts: s3Attempts,
    requestHandler: { connectionTimeout, requestTimeout },
  });
  return s3Store({ client, bucket, prefix: options.prefix });
}

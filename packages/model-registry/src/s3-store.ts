import {
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { ModelRegistryError } from "./errors.ts";
import { modelRegistryLimits } from "./limits.ts";
import { modelNamePattern } from "./model-manifest.ts";
import { sha256Hex } from "./sha256-hex.ts";
import type { VersionPlace, VersionStore } from "./version-store.ts";

/** File of the version → SHA-256 of its bytes, which is also where they lie. */
type Index = Readonly<Record<string, string>>;

interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
  /** Empty, or ending with a slash. */
  readonly prefix: string;
}

const indexSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/u));

/**
 * Versions in a bucket: the bytes under `<name>/files/<sha256>`, and `<name>/versions/<number>.json` with
 * their names. A version comes into being by one conditional write, so two publishers never share one.
 */
export function s3Store(place: Bucket): VersionStore {
  return {
    location: `s3://${place.bucket}/${place.prefix}`,
    async models() {
      const names = (await keysUnder(place, "")).map((key) => key.split("/")[0] ?? "");
      return [...new Set(names)].filter((name) => modelNamePattern.test(name)).toSorted();
    },
    async versions(name) {
      const keys = await keysUnder(place, `${name}/versions/`);
      const numbers = keys.flatMap((key) => /\/([1-9]\d{0,8})\.json$/u.exec(key)?.[1] ?? []);
      return numbers.map(Number).toSorted((left, right) => left - right);
    },
    async entries(version) {
      const { index } = await readIndex(place, version);
      return Object.keys(index).map((name) => ({ name, regular: true }));
    },
    async read(version, file, maxBytes) {
      const sha256 = (await readIndex(place, version)).index[file];
      if (sha256 === undefined) throw notFound(place, `${version.name}@v${version.version} ${file}`);
      return (await getObject(place, `${version.name}/files/${sha256}`, maxBytes)).content;
    },
    async create(version, files) {
      const index = await putFiles(place, version.name, files);
      return putIndex(place, version, { index, condition: { IfNoneMatch: "*" } });
    },
    async replace(version, file, content) {
      const { index, tag } = await readIndex(place, version);
      const added = await putFiles(place, version.name, new Map([[file, content]]));
      const condition = { IfMatch: tag };
      if (await putIndex(place, version, { index: { ...index, ...added }, condition })) return;
      const detail = `${version.name}@v${version.version} was changed at the same time`;
      throw new ModelRegistryError("MODEL_PUBLISH_CONFLICT", detail);
    },
  };
}

async function putFiles(place: Bucket, name: string, files: ReadonlyMap<string, Uint8Array>): Promise<Index> {
  const index: Record<string, string> = {};
  for (const [file, content] of files) {
    const sha256 = sha256Hex(content);
    await putObject(place, `${name}/files/${sha256}`, { content });
    index[file] = sha256;
  }
  return index;
}

/** False when the condition does not hold: somebody else was first. */
async function putIndex(
  place: Bucket,
  version: VersionPlace,
  write: { readonly index: Index; readonly condition: { IfNoneMatch?: string; IfMatch?: string } },
): Promise<boolean> {
  const content = new TextEncoder().encode(`${JSON.stringify(write.index, undefined, 2)}\n`);
  try {
    await putObject(place, indexKey(version), { content, condition: write.condition });
    return true;
  } catch (error) {
    const status = causeStatus(error);
    // 412: the condition is false; 409: another conditional write is under way.
    if (status === 412 || status === 409) return false;
    throw error;
  }
}

async function readIndex(place: Bucket, version: VersionPlace): Promise<{ index: Index; tag: string }> {
  const key = indexKey(version);
  const { content, tag } = await getObject(place, key, modelRegistryLimits.signatureBytes);
  try {
    return { index: indexSchema.parse(JSON.parse(new TextDecoder().decode(content))), tag };
  } catch (error) {
    const detail = `s3://${place.bucket}/${place.prefix}${key} is no index of files`;
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail, error);
  }
}

async function keysUnder(place: Bucket, folder: string): Promise<readonly string[]> {
  const query = { Bucket: place.bucket, Prefix: `${place.prefix}${folder}` };
  return reached(place, folder, async () => {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: place.client }, query)) {
      for (const { Key } of page.Contents ?? []) keys.push((Key ?? "").slice(place.prefix.length));
    }
    return keys;
  });
}

async function getObject(
  place: Bucket,
  key: string,
  maxBytes: number,
): Promise<{ content: Uint8Array; tag: string }> {
  return reached(place, key, async () => {
    const command = new GetObjectCommand({ Bucket: place.bucket, Key: `${place.prefix}${key}` });
    const { Body, ContentLength = 0, ETag = "" } = await place.client.send(command);
    if (ContentLength > maxBytes) {
      const detail = `${key} has ${ContentLength} bytes, more than the limit of ${maxBytes}`;
      throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail);
    }
    return { content: (await Body?.transformToByteArray()) ?? new Uint8Array(), tag: ETag };
  });
}

async function putObject(
  place: Bucket,
  key: string,
  write: { readonly content: Uint8Array; readonly condition?: { IfNoneMatch?: string; IfMatch?: string } },
): Promise<void> {
  await reached(place, key, async () => {
    const target = { Bucket: place.bucket, Key: `${place.prefix}${key}`, Body: write.content };
    return place.client.send(new PutObjectCommand({ ...target, ...write.condition }));
  });
}

async function reached<T>(place: Bucket, key: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ModelRegistryError) throw error;
    const missing = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
    if (missing) throw notFound(place, key, error);
    const detail = `s3://${place.bucket}/${place.prefix}${key}: ${String(error)}`;
    throw new ModelRegistryError("MODEL_STORE_AWAY", detail, error);
  }
}

function causeStatus(error: unknown): number | undefined {
  const cause = error instanceof ModelRegistryError ? error.cause : error;
  return cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
}

function notFound(place: Bucket, key: string, cause?: unknown): ModelRegistryError {
  const detail = `s3://${place.bucket}/${place.prefix}${key} is not there`;
  return new ModelRegistryError("MODEL_NOT_FOUND", detail, cause);
}

function indexKey({ name, version }: VersionPlace): string {
  return `${name}/versions/${version}.json`;
}

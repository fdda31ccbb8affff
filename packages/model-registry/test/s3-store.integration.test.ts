import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, test, vi } from "vitest";
import { keyManagementOf, signingKeyOf, trustedKeysOf } from "../src/local-keys.ts";
import { loadVersion, type ResolvedModel } from "../src/load-version.ts";
import { openVersionStore } from "../src/open-version-store.ts";
import { publishVersion, signVersion, type PublishedVersion } from "../src/publish-version.ts";
import { s3Store } from "../src/s3-store.ts";
import { sha256Hex } from "../src/sha256-hex.ts";
import { readUnverified } from "../src/verify-version.ts";
import type { VersionStore } from "../src/version-store.ts";
import { newModel, openTestRegistry } from "./support/registry-fixture.ts";
import { findS3Server, s3Credentials, startS3Server } from "./support/s3-server.ts";

const program = await findS3Server();
const bucket = "models";
const name = "card-payments";

afterEach(() => void vi.unstubAllEnvs());

test.runIf(program !== undefined)("a version comes back from a bucket, verified and decrypted", async () => {
  const { store, publish, load } = await bucketRegistry();
  expect(await store.models()).toEqual([]);
  await publish("first");
  await publish("second");
  expect(await store.models()).toEqual([name]);
  expect(await store.versions(name)).toEqual([1, 2]);
  expect(new TextDecoder().decode((await load(1)).modelBytes)).toBe("first");
  expect((await load(2)).signer).toBe("signing");
  await expect(load(3)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
});

test.runIf(program !== undefined)("a version that is there is never written again", async () => {
  const { store, publish, load } = await bucketRegistry();
  await publish("first");
  const files = new Map([["model.onnx", new TextEncoder().encode("other")]]);
  expect(await store.create({ name, version: 1 }, files)).toBe(false);
  expect(new TextDecoder().decode((await load(1)).modelBytes)).toBe("first");
});

test.runIf(program !== undefined)("eight publishers that meet in a bucket get a version each", async () => {
  const { store, publish, load } = await bucketRegistry();
  const contents = Array.from({ length: 8 }, (_, position) => `model ${position}`);
  const published = (await Promise.all(contents.map(publish))).map(({ manifest }) => manifest);
  const numbers = published.map(({ version }) => version).toSorted((left, right) => left - right);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await store.versions(name)).toEqual(numbers);
  for (const [position, { version }] of published.entries()) {
    expect(new TextDecoder().decode((await load(version)).modelBytes)).toBe(contents[position]);
  }
});

test.runIf(program !== undefined)("s3://bucket/prefix is found as every AWS program finds it", async () => {
  const { client, publish } = await bucketRegistry();
  await publish("first");
  const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? {};
  vi.stubEnv("AWS_ENDPOINT_URL", `${protocol}//${hostname}:${port}`);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", s3Credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", s3Credentials.secretAccessKey);
  const { config } = await openTestRegistry();
  const opened = openVersionStore(`s3://${bucket}/registry`, { ...config, s3PathStyle: true });
  expect(opened.location).toBe("s3://models/registry");
  expect(await opened.versions(name)).toEqual([1]);
});

test.runIf(program !== undefined)("changed and missing bytes in a bucket are refused", async () => {
  const { store, client, publish, load } = await bucketRegistry();
  const { digest } = await publish("first");
  expect((await load(1)).digest).toBe(digest);
  const stored = await store.read({ name, version: 1 }, "manifest.json.enc", 1_000_000);
  const Key = `registry/${name}/files/${sha256Hex(stored)}`;
  await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "changed" }));
  await expect(load(1)).rejects.toMatchObject({ code: "MODEL_DIGEST_DIFFERS" });
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  await expect(load(1)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
});

test.runIf(program !== undefined)("a version in a bucket can be signed again", async () => {
  const { store, publish, load, signAgain } = await bucketRegistry();
  const { digest } = await publish("first");
  const before = await store.read({ name, version: 1 }, "model.sig", 100_000);
  expect(await signAgain()).toBe(digest);
  expect(await store.read({ name, version: 1 }, "model.sig", 100_000)).not.toEqual(before);
  expect((await load(1)).digest).toBe(digest);
});

test("a bucket that does not answer is told apart from a version that is not there", async () => {
  const { S3Client: Client } = await import("@aws-sdk/client-s3");
  // A port that no service listens on.
  const client = new Client({
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const store = s3Store({ client, bucket, prefix: "" });
  await expect(store.versions(name)).rejects.toMatchObject({ code: "MODEL_STORE_AWAY" });
});

interface BucketRegistry {
  readonly client: S3Client;
  readonly store: VersionStore;
  publish(content: string): Promise<PublishedVersion>;
  load(version: number): Promise<ResolvedModel>;
  signAgain(): Promise<string>;
}

async function bucketRegistry(): Promise<BucketRegistry> {
  const client = await startS3Server(program ?? "", bucket);
  const store = s3Store({ client, bucket, prefix: "registry/" });
  const { config } = await openTestRegistry();
  const keys = keyManagementOf(config);
  const place = { name, version: 1 };
  return {
    client,
    store,
    publish: async (content) =>
      publishVersion(store, newModel(content), { signingKey: await signingKeyOf(config), keys }),
    async load(version) {
      const trusted = await trustedKeysOf(config);
      return loadVersion(
        store,
        { name, version },
        { trusted, signaturesRequired: true, keys, warn: () => {} },
      );
    },
    async signAgain() {
      const files = await readUnverified(store, place);
      return signVersion(store, place, { files, signingKey: await signingKeyOf(config) });
    },
  };
}

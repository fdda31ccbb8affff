import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { ModelRegistryError, type ModelRegistry } from "../src/index.ts";
import { newModel, openTestRegistry, type TestRegistry } from "./support/registry-fixture.ts";

const reference = "card-payments@v1";
const flipsPerFile = 60;

test.for([{ encryption: true }, { encryption: false }])(
  "one flipped bit anywhere in any file is refused (encryption: $encryption)",
  { timeout: 120_000 },
  async ({ encryption }) => {
    const { registry, path } = await publishedVersion({ encryption });
    const random = seededRandom(20_261_122);
    for (const file of await readdir(path)) {
      const original = await readFile(join(path, file));
      for (let flip = 0; flip < flipsPerFile; flip += 1) {
        const at = Math.floor(random.next() * original.length);
        const changed = Buffer.from(original);
        changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
        await writeFile(join(path, file), changed);
        const outcome = await codeOf(registry, reference);
        expect({ file, at, outcome }).toMatchObject({
          outcome: expect.stringMatching(/^MODEL_/u) as unknown,
        });
      }
      await writeFile(join(path, file), original);
    }
    await registry.resolve(reference);
  },
);

test("two files that changed places are refused, and it is said whose bytes these are", async () => {
  const { registry, path } = await publishedVersion({ encryption: true });
  await rename(join(path, "model.onnx.enc"), join(path, "aside"));
  await rename(join(path, "manifest.json.enc"), join(path, "model.onnx.enc"));
  await rename(join(path, "aside"), join(path, "manifest.json.enc"));
  await expect(registry.resolve(reference)).rejects.toThrow(/MODEL_DIGEST_DIFFERS.*these are the bytes of/u);
});

test("an encrypted file that is signed in another version's place does not decrypt there", async () => {
  const { registry, folder } = await openTestRegistry();
  await registry.publish(newModel("first"));
  await registry.publish(newModel("second"));
  const [first, second] = ["v1", "v2"].map((version) =>
    join(folder, "card-payments", version, "model.onnx.enc"),
  );
  await cp(first ?? "", second ?? "");
  await expect(registry.sign("card-payments@v2")).rejects.toMatchObject({ code: "MODEL_DECRYPTION_FAILED" });
});

test("an encrypted file that is signed under another file's name does not decrypt", async () => {
  const { registry, path } = await publishedVersion({ encryption: true });
  await cp(join(path, "manifest.json.enc"), join(path, "evaluation.json.enc"));
  await expect(registry.sign(reference)).rejects.toMatchObject({ code: "MODEL_DECRYPTION_FAILED" });
});

test("a file that was not signed is refused by name", async () => {
  const { registry, path } = await publishedVersion({ encryption: false });
  await writeFile(join(path, "extra.txt"), "unlisted");
  await expect(registry.resolve(reference)).rejects.toThrow(/MODEL_FILE_UNLISTED.*extra\.txt/u);
});

test("a folder and a link in a version are refused", async () => {
  const { registry, path } = await publishedVersion({ encryption: false });
  await mkdir(join(path, ".git"));
  await expect(registry.resolve(reference)).rejects.toMatchObject({ code: "MODEL_FILE_UNLISTED" });
  await rm(join(path, ".git"), { recursive: true });
  await rename(join(path, "model.onnx"), join(path, "..", "elsewhere"));
  await symlink(join(path, "..", "elsewhere"), join(path, "model.onnx"));
  await expect(registry.resolve(reference)).rejects.toThrow(/MODEL_FILE_UNLISTED.*link/u);
});

test("a file that is missing is refused by name", async () => {
  const { registry, path } = await publishedVersion({ encryption: false });
  await rm(join(path, "model.onnx"));
  await expect(registry.resolve(reference)).rejects.toThrow(/MODEL_FILE_MISSING.*model\.onnx/u);
});

test("a version without a signature is refused", async () => {
  const { registry, path } = await publishedVersion({ encryption: false });
  await rm(join(path, "model.sig"));
  await expect(registry.resolve(reference)).rejects.toMatchObject({ code: "MODEL_UNSIGNED" });
});

test("in development a version without a signature is loaded, loudly; a wrong signature is not", async () => {
  const { reopen, path } = await publishedVersion({ encryption: false });
  const warnings: string[] = [];
  const warn = (message: string): number => warnings.push(message);
  const development = reopen({ signaturesRequired: false, warn, encryption: false });
  const signature = await readFile(join(path, "model.sig"));
  await rm(join(path, "model.sig"));
  const { signer } = await development.resolve(reference);
  expect(signer).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("WITHOUT A SIGNATURE")]);
  signature[signature.length - 40] = (signature.at(-40) ?? 0) ^ 1;
  await writeFile(join(path, "model.sig"), signature);
  await expect(development.resolve(reference)).rejects.toThrow("MODEL_SIGNATURE_INVALID");
});

test("a signer who is not in the trust list is refused, and the trusted ones are named", async () => {
  const { reopen } = await publishedVersion({ encryption: false });
  const other = await openTestRegistry();
  await other.registry.publish(newModel());
  const { keysFolder } = other.config;
  const elsewhere = reopen({ trust: [join(keysFolder, "signing.pub.pem")], encryption: false });
  await expect(elsewhere.resolve(reference)).rejects.toThrow(/MODEL_SIGNER_UNTRUSTED.*trusted are: signing/u);
});

test("another encryption key is refused, and it is said which one is missing", async () => {
  const { reopen } = await publishedVersion({ encryption: true });
  const other = reopen({ encryptionKeys: [Buffer.alloc(32, 7).toString("base64")], encryption: true });
  await expect(other.resolve(reference)).rejects.toThrow(/MODEL_KEY_MISSING.*encrypted with key local:/u);
  const none = reopen({ encryptionKeys: [], encryption: true });
  await expect(none.resolve(reference)).rejects.toThrow("here are: none");
});

test("encryption keys are rotated: the first encrypts, every one decrypts", async () => {
  const [old, young] = [1, 2].map((fill) => Buffer.alloc(32, fill).toString("base64"));
  const { registry, reopen } = await openTestRegistry({ encryptionKeys: [old ?? ""] });
  await registry.publish(newModel("first"));
  const rotated = reopen({ encryptionKeys: [young ?? "", old ?? ""], encryption: true });
  await rotated.publish(newModel("second"));
  expect(new TextDecoder().decode((await rotated.resolve("card-payments/1")).modelBytes)).toBe("first");
  expect(new TextDecoder().decode((await rotated.resolve("card-payments/2")).modelBytes)).toBe("second");
  await expect(registry.resolve("card-payments/2")).rejects.toMatchObject({ code: "MODEL_KEY_MISSING" });
});

test("an encrypted version shows neither model nor manifest", async () => {
  const { registry, folder } = await openTestRegistry();
  await registry.publish(newModel("a secret of the bank"));
  const path = join(folder, "card-payments", "v1");
  for (const file of await readdir(path)) {
    const content = await readFile(join(path, file), "latin1");
    expect(content).not.toContain("secret of the bank");
    expect(content).not.toContain("thresholds");
  }
});

async function publishedVersion(options: {
  readonly encryption: boolean;
}): Promise<TestRegistry & { readonly path: string }> {
  const test = await openTestRegistry(options);
  await test.registry.publish({
    ...newModel(),
    files: () => new Map([["evaluation.json", new TextEncoder().encode('{"rows": 3}')]]),
  });
  return { ...test, path: join(test.folder, "card-payments", "v1") };
}

async function codeOf(registry: ModelRegistry, of: string): Promise<string> {
  try {
    await registry.resolve(of);
    return "loaded";
  } catch (error) {
    if (error instanceof ModelRegistryError) return error.code;
    throw error;
  }
}

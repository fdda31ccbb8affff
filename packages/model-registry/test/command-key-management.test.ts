import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newModel, openTestRegistry } from "./support/registry-fixture.ts";

/** Holds a key of its own, as a cloud's service would; `broken` is how it misbehaves. */
async function keyProgram(broken = ""): Promise<{ readonly path: string; readonly seen: string }> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-kms-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "kms");
  const seen = join(folder, "seen");
  const program = `#!${process.execPath}
const { createCipheriv, createDecipheriv, randomBytes } = require("node:crypto");
const { appendFileSync, readFileSync } = require("node:fs");
const request = JSON.parse(readFileSync(0, "utf8"));
appendFileSync(${JSON.stringify(seen)}, process.argv[2] + " " + request.context.file + "\\n");
${broken}
const key = Buffer.alloc(32, 5);
const context = Buffer.from(JSON.stringify(request.context));
if (process.argv[2] === "wrap") {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context);
  const sealed = Buffer.concat([cipher.update(request.dataKey, "base64"), cipher.final()]);
  const wrapped = Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  console.log(JSON.stringify({ keyId: "test:1", wrapped }));
} else {
  const wrapped = Buffer.from(request.wrapped, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(0, 12)).setAAD(context);
  decipher.setAuthTag(wrapped.subarray(12, 28));
  const dataKey = Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
  console.log(JSON.stringify({ dataKey: dataKey.toString("base64") }));
}
`;
  await writeFile(path, program);
  await chmod(path, 0o755);
  return { path, seen };
}

test("a program outside wraps the keys of a version's files, and unwraps them for it alone", async () => {
  const { path, seen } = await keyProgram();
  const { registry, config, folder } = await openTestRegistry({ keyCommand: path });
  await registry.publish(newModel("first"));
  const { modelBytes } = await registry.resolve("card-payments@v1");
  expect(new TextDecoder().decode(modelBytes)).toBe("first");
  const calls = (await readFile(seen, "utf8")).trim().split("\n");
  expect(calls.toSorted()).toEqual(
    ["unwrap", "wrap"].flatMap((action) => [`${action} manifest.json`, `${action} model.onnx`]),
  );
  expect(config.encryptionKeys).toBeUndefined();
  const stored = await readFile(join(folder, "card-payments", "v1", "model.onnx.enc"), "latin1");
  expect(stored).toContain('"keyId":"test:1"');
});

test("without the program what it wrapped cannot be read", async () => {
  const { path } = await keyProgram();
  const { registry, reopen } = await openTestRegistry({ keyCommand: path });
  await registry.publish(newModel());
  const without = reopen({ keyCommand: undefined });
  await expect(without.resolve("card-payments@v1")).rejects.toMatchObject({ code: "MODEL_KEY_MISSING" });
});

test.for([
  ["refuses", 'console.error("access denied"); process.exit(3);', /ended with 3: access denied/u],
  ["answers with something else", 'console.log("{}"); process.exit(0);', /did not answer as it should/u],
] as const)("a program that %s publishes nothing, and the reason is said", async ([, broken, reason]) => {
  const { path } = await keyProgram(broken);
  const { registry } = await openTestRegistry({ keyCommand: path });
  await expect(registry.publish(newModel())).rejects.toThrow(reason);
  expect(await registry.list()).toEqual([]);
});

test("a program that is not there is named", async () => {
  const { registry } = await openTestRegistry({ keyCommand: "/nowhere/kms" });
  await expect(registry.publish(newModel())).rejects.toMatchObject({
    code: "MODEL_KEY_UNUSABLE",
    message: expect.stringContaining("/nowhere/kms cannot be started") as unknown,
  });
});

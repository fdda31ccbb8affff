import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newModel, openTestRegistry } from "./support/registry-fixture.ts";

test("a published model is found by version and by alias, byte for byte", async () => {
  const { registry } = await openTestRegistry();
  const published = await registry.publish(newModel("first"));
  await registry.setAlias("card-payments", "champion", published.version);
  for (const reference of ["card-payments/1", "card-payments@v1", "card-payments@champion"]) {
    const { manifest, modelBytes } = await registry.resolve(reference);
    expect(new TextDecoder().decode(modelBytes)).toBe("first");
    expect(manifest).toEqual(published);
  }
});

test("each publish makes the next version and leaves the earlier ones as they are", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel("first"));
  const second = await registry.publish(newModel("second"));
  expect(second.version).toBe(2);
  expect(new TextDecoder().decode((await registry.resolve("card-payments/1")).modelBytes)).toBe("first");
});

test("a whole manifest is published as the next version, with the digest of the bytes that are given", async () => {
  const { registry } = await openTestRegistry();
  const first = await registry.publish(newModel("first"));
  const modelBytes = new TextEncoder().encode("second");
  const second = await registry.publish({ modelBytes, manifest: first });
  expect(second.version).toBe(2);
  expect(second.sha256).not.toBe(first.sha256);
  expect(new TextDecoder().decode((await registry.resolve("card-payments/2")).modelBytes)).toBe("second");
});

test("publishers that meet each get a version of their own", async () => {
  const { registry, folder } = await openTestRegistry();
  const published = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => registry.publish(newModel(`model ${index}`))),
  );
  expect(new Set(published.map((manifest) => manifest.version)).size).toBe(8);
  const left = (await readdir(join(folder, "card-payments"))).filter((name) => name.startsWith("."));
  expect(left).toEqual([]);
});

test("a model that does not hold together is not published", async () => {
  const { registry, folder } = await openTestRegistry();
  const model = newModel();
  const manifest = { ...model.manifest, thresholds: { review: 0.9, decline: 0.1 } };
  await expect(registry.publish({ ...model, manifest })).rejects.toMatchObject({
    code: "MODEL_MANIFEST_INVALID",
    message: expect.stringContaining("/thresholds") as unknown,
  });
  await expect(readdir(folder)).rejects.toThrow("ENOENT");
});

test("a name that would leave the folder is refused", async () => {
  const { registry } = await openTestRegistry();
  await expect(registry.publish(newModel("model", "../elsewhere"))).rejects.toMatchObject({
    code: "MODEL_MANIFEST_INVALID",
  });
});

test("a model file that is not the manifest's is refused with both digests, even when signed", async () => {
  const { registry, folder } = await openTestRegistry({ encryption: false });
  const { sha256 } = await registry.publish(newModel("first"));
  await writeFile(join(folder, "card-payments", "v1", "model.onnx"), "tampered");
  await expect(registry.sign("card-payments/1")).rejects.toMatchObject({
    code: "MODEL_DIGEST_DIFFERS",
    message: expect.stringContaining(sha256) as unknown,
  });
});

test("a manifest with faults is refused with the path of each, even when signed", async () => {
  const { registry, folder } = await openTestRegistry({ encryption: false });
  await registry.publish(newModel());
  const path = join(folder, "card-payments", "v1", "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...manifest, sha256: "no", trainedAt: "yesterday", surprise: 1 }));
  const refused = registry.sign("card-payments/1");
  await expect(refused).rejects.toMatchObject({ code: "MODEL_MANIFEST_INVALID" });
  for (const fault of ["/sha256", "/trainedAt", "/surprise"]) await expect(refused).rejects.toThrow(fault);
});

test("a golden row of another length is refused", async () => {
  const { registry } = await openTestRegistry();
  const model = newModel();
  const goldenRows = [{ vector: "AAAA", probability: 0.5 }];
  await expect(registry.publish({ ...model, manifest: { ...model.manifest, goldenRows } })).rejects.toThrow(
    "/goldenRows/0/vector must hold 2 float32 values",
  );
});

test("a version that is in another version's folder is refused", async () => {
  const { registry, folder } = await openTestRegistry({ encryption: false });
  await registry.publish(newModel());
  const target = join(folder, "card-payments", "v2");
  await mkdir(target);
  for (const file of ["manifest.json", "model.onnx", "model.sig"]) {
    await writeFile(join(target, file), await readFile(join(folder, "card-payments", "v1", file)));
  }
  await expect(registry.resolve("card-payments@v2")).rejects.toThrow("expected card-payments@v2");
});

test("an alias cannot point to a version that is not there", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel());
  await expect(registry.setAlias("card-payments", "champion", 7)).rejects.toMatchObject({
    code: "MODEL_NOT_FOUND",
  });
  expect(await registry.aliasOf("card-payments", "champion")).toBeUndefined();
});

test("setting one alias keeps the others", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel("first"));
  await registry.publish(newModel("second"));
  await registry.setAlias("card-payments", "champion", 1);
  await registry.setAlias("card-payments", "challenger", 2);
  expect(await registry.aliasOf("card-payments", "champion")).toBe(1);
  expect(await registry.aliasOf("card-payments", "challenger")).toBe(2);
});

test("an unknown alias names those that are known", async () => {
  const { registry } = await openTestRegistry();
  await registry.publish(newModel());
  await registry.setAlias("card-payments", "champion", 1);
  await expect(registry.resolve("card-payments@challenger")).rejects.toThrow("knows: champion");
});

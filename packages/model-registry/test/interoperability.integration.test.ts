import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { newModel, openTestRegistry, type TestRegistry } from "./support/registry-fixture.ts";
import { openReferenceImplementation } from "./support/reference-implementation.ts";

const run = promisify(execFile);
const programs = await openReferenceImplementation();
const installed = programs !== undefined;
const reference = "card-payments@v1";

test.runIf(installed).for([{ encryption: true }, { encryption: false }])(
  "the OpenSSF implementation verifies what we signed, and refuses it changed (encryption: $encryption)",
  async ({ encryption }) => {
    const { path, config } = await publishedVersion(encryption);
    const verify = async (): Promise<string> => {
      const key = join(config.keysFolder, "signing.pub.pem");
      const args = ["verify", "key", path, "--signature", join(path, "model.sig"), "--public_key", key];
      const { stdout } = await run(join(programs ?? "", "model_signing"), args);
      return stdout;
    };
    expect(await verify()).toContain("Verification succeeded");
    await writeFile(join(path, "extra.txt"), "unlisted");
    await expect(verify()).rejects.toThrow(/extra\.txt/u);
  },
);

test.runIf(installed)("we verify what the OpenSSF implementation signed, and refuse it changed", async () => {
  const { path, config, registry } = await publishedVersion(false);
  const key = join(config.keysFolder, "signing.pem");
  const ours = await readFile(join(path, "model.sig"), "utf8");
  const args = ["sign", "key", path, "--signature", join(path, "model.sig"), "--private_key", key];
  await run(join(programs ?? "", "model_signing"), args);
  expect(await readFile(join(path, "model.sig"), "utf8")).not.toBe(ours);
  expect((await registry.resolve(reference)).signer).toBe("signing");
  await writeFile(join(path, "model.onnx"), "changed");
  await expect(registry.resolve(reference)).rejects.toMatchObject({ code: "MODEL_DIGEST_DIFFERS" });
});

async function publishedVersion(encryption: boolean): Promise<TestRegistry & { readonly path: string }> {
  const opened = await openTestRegistry({ encryption });
  await opened.registry.publish(newModel());
  return { ...opened, path: join(opened.folder, "card-payments", "v1") };
}

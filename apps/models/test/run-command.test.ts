import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { explainError } from "../src/explain-error.ts";
import { parseOptions } from "../src/options.ts";
import { runCommand } from "../src/run-command.ts";
import { manifest } from "./support/manifest.ts";
import type { CommandResult } from "../src/command-result.ts";

test("a version is published, shown, promoted, tagged and proven by hand", async () => {
  const { models, folder } = await workplace();
  await writeFile(join(folder, "model.onnx"), "model");
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "notes.txt"), "seen");
  const files = ["--model", join(folder, "model.onnx"), "--manifest", join(folder, "manifest.json")];
  const published = await models("publish", ...files, "--file", `notes.txt=${join(folder, "notes.txt")}`);
  expect(published.lines[0]).toContain("published: card-payments@v1");
  await models("alias", "set", "card-payments", "champion", "v1", "--why", "the first", "--as", "ann");
  await models("tag", "card-payments@v1", "validation=passed", "--why", "looked at");
  expect((await models("list")).result).toEqual([{ reference: "card-payments@v1", aliases: ["champion"] }]);
  const shown = await models("show", "card-payments@champion");
  expect(shown.result).toMatchObject({
    signer: "signing",
    files: ["notes.txt"],
    tags: { validation: "passed" },
  });
  expect(shown.lines.join("\n")).toContain("signed by");
  const verdict = await models("verify");
  expect(verdict).toMatchObject({
    passed: true,
    result: { refused: [], history: { links: 2, broken: null } },
  });
  const history = await models("alias", "history", "card-payments");
  expect(history.lines.join("\n")).toMatch(/card-payments@champion → v1 +ann .*the first/u);
  const decided = await models("who-decided-at", "card-payments", "champion", "2999-01-01T00:00:00Z");
  expect(decided).toMatchObject({ passed: true, result: { version: 1, who: "ann" } });
  const before = await models("who-decided-at", "card-payments", "champion", "2000-01-01T00:00:00Z");
  expect(before.passed).toBe(false);
});

test("verify says which version does not hold, and why, and fails", async () => {
  const { models, folder, registry } = await workplace();
  await writeFile(join(folder, "model.onnx"), "model");
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const files = ["--model", join(folder, "model.onnx"), "--manifest", join(folder, "manifest.json")];
  await models("publish", "--plain", ...files);
  await models("publish", ...files);
  await writeFile(join(registry, "card-payments", "v1", "model.onnx"), "other");
  const verdict = await models("verify");
  expect(verdict.passed).toBe(false);
  expect(verdict.lines[0]).toContain("card-payments@v1  REFUSED: MODEL_DIGEST_DIFFERS");
  expect(verdict.lines[1]).toContain("card-payments@v2  holds, signed by signing");
  await models("sign", "card-payments@v2");
});

test("the model card is written in both forms", async () => {
  const { models, folder } = await workplace();
  await writeFile(join(folder, "model.onnx"), "model");
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await models("publish", "--model", join(folder, "model.onnx"), "--manifest", join(folder, "manifest.json"));
  await models("card", "card-payments@v1", "--out", join(folder, "card"));
  expect(await readFile(join(folder, "card", "model-card.md"), "utf8")).toContain(
    "# Model card: card-payments@v1",
  );
  const card = JSON.parse(await readFile(join(folder, "card", "model-card.cdx.json"), "utf8")) as object;
  expect(card).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
});

test.for([
  { args: ["show", "card-payments@v7"], says: /MODEL_NOT_FOUND[^]*Check the reference/u },
  { args: ["show", "Card"], says: /Write name@champion/u },
  { args: ["role", "ann", "king"], says: /"king" is no role; there are: approver, publisher, reader, none/u },
  { args: ["role", "ann", "approver"], says: /Set TOLLGATE_MODEL_REGISTRY_DATABASE/u },
  { args: ["alias", "set", "card-payments", "champion", "first"], says: /write 3 or v3/u },
  { args: ["publish"], says: /publish needs --model FILE/u },
  { args: ["publish", "--model", "a", "--manifest", "nowhere.json"], says: /nowhere\.json cannot be used/u },
  { args: ["who-decided-at", "card-payments", "champion", "then"], says: /"then" is no time/u },
])("$args is refused with what to do", async ({ args, says }) => {
  const { models } = await workplace();
  const error: unknown = await models(...args).catch((thrown: unknown) => thrown);
  expect(explainError(error)).toMatch(says);
});

test("a defect is not explained away", () => {
  expect(explainError(new TypeError("undefined is not a function"))).toBeUndefined();
});

interface Workplace {
  readonly folder: string;
  readonly registry: string;
  models(...args: string[]): Promise<CommandResult>;
}

/** A registry and keys of its own, gone after the test. */
async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-models-"));
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const registry = join(folder, "registry");
  const environment = { TOLLGATE_MODEL_REGISTRY: registry, TOLLGATE_MODEL_KEYS: join(folder, "keys") };
  return { folder, registry, models: async (...args) => runCommand(parseOptions(args), environment) };
}

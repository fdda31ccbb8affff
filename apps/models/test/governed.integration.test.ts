import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceTest } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { explainError } from "../src/explain-error.ts";
import { parseOptions } from "../src/options.ts";
import { runCommand } from "../src/run-command.ts";
import { manifest } from "./support/manifest.ts";

serviceTest("one publishes, another approves, and the history tells who decided", async ({ postgresUrl }) => {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-models-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const environment = {
    TOLLGATE_MODEL_REGISTRY: join(folder, "registry"),
    TOLLGATE_MODEL_KEYS: join(folder, "keys"),
    TOLLGATE_MODEL_REGISTRY_DATABASE: postgresUrl,
  };
  const models = async (line: string): ReturnType<typeof runCommand> =>
    runCommand(parseOptions([...line.split(" "), "--why", "as agreed"]), environment);
  await writeFile(join(folder, "model.onnx"), "model");
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  const publish = `publish --model ${folder}/model.onnx --manifest ${folder}/manifest.json --as pub`;

  const refused: unknown = await models(publish).catch((error: unknown) => error);
  expect(explainError(refused)).toMatch(/REGISTRY_ROLE_MISSING[^]*An approver gives it/u);
  await models("role ann approver,reader --as ann");
  await models("role pub publisher --as ann");
  await models(publish);
  const own: unknown = await models("alias set card-payments champion 1 --as pub").catch(
    (error: unknown) => error,
  );
  expect(explainError(own)).toContain("REGISTRY_ROLE_MISSING");
  await models("alias set card-payments champion 1 --as ann");
  const decided = await models("who-decided-at card-payments champion 2999-01-01T00:00:00Z --as pub");
  expect(decided.result).toMatchObject({ version: 1, who: "ann", why: "as agreed" });
  expect((await models("alias show card-payments --as ann")).result).toMatchObject([
    { alias: "champion", version: 1 },
  ]);
  expect(await models("verify --as ann")).toMatchObject({ passed: true, result: { history: { links: 4 } } });

  const outside = async (): Promise<string | undefined> =>
    explainError(await models("list --as eve").catch((error: unknown) => error));
  expect(await outside()).toMatch(/eve may not read the registry: it needs the role reader/u);
  await models("role eve reader --as ann");
  expect(await outside()).toBeUndefined();
  await models("role eve none --as ann");
  expect(await outside()).toContain("REGISTRY_ROLE_MISSING");
  const history = await models("alias history --as ann");
  expect(history.lines.at(-1)).toContain("eve is without a role");
});

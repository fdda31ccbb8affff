import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseReferenceProfile } from "@tollgate/drift";
import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { loadModel } from "@tollgate/inference";
import { columnsOfModel, openModelRegistry } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { preparePython, type PythonEnvironment } from "../src/python-environment.ts";
import { runProcess } from "../src/run-process.ts";
import { train } from "../src/train.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { environmentFolder, lockPath, trainerFolder } from "../src/trainer-paths.ts";
import { parseTrainingOptions } from "../src/training-options.ts";

/** Without Python, or without its packages, the trainer cannot run: the reason goes to standard error. */
const environment: PythonEnvironment | undefined = await preparePython({
  folder: environmentFolder,
  lockPath,
}).catch((error: unknown) => {
  if (!(error instanceof TrainerError)) throw error;
  process.stderr.write(`the trainer is not tested: ${error.message}\n`);
  return undefined;
});
test.runIf(environment !== undefined)(
  "a model trained on a small stream is registered and can be served",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tollgate-train-"));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const registryFolder = join(folder, "registry");
    const size = ["--transactions", "24000", "--customers", "400"];
    const options = parseTrainingOptions([...size, "--registry", registryFolder, "--work", folder]);
    const quiet = { write: () => true };
    const first = await train(options, quiet);
    const second = await train(options, quiet);
    expect(first).toMatchObject({ promoted: true, manifest: { version: 1 } });
    expect(second).toMatchObject({ promoted: false, manifest: { version: 2 } });
    expect(second.manifest.sha256).toBe(first.manifest.sha256);
    expect(second.manifest.metrics).toEqual(first.manifest.metrics);

    const report = await readFile(join(folder, "card-payments", "report.md"), "utf8");
    for (const scorer of ["trees", "simple model", "rules", "champion card-payments@v1"]) {
      expect(report).toContain(`| ${scorer} | 0.`);
    }

    const resolved = await openModelRegistry(registryFolder).resolve("card-payments@champion");
    columnsOfModel(resolved.manifest, compileEngagement(engagement).featureSet);
    const text = new TextDecoder().decode(resolved.files.get("reference.json"));
    const reference = parseReferenceProfile(JSON.parse(text));
    expect(reference).toMatchObject({ ok: true, value: { model: { name: "card-payments", version: 1 } } });
    const model = await loadModel({ ...resolved, clock: systemClock(), logger: silentLogger() });
    expect(model.reference.version).toBe(1);
    await model.close();
  },
);

test.runIf(environment !== undefined)("the Python part passes its own tests", async () => {
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"];
  const { exitCode, output } = await runProcess(environment?.python ?? "", args, { cwd: trainerFolder });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
});

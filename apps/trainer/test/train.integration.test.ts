import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { parseReferenceProfile } from "@tollgate/drift";
import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { loadModel } from "@tollgate/inference";
import { columnsOfModel, openModelRegistry } from "@tollgate/model-registry";
import { runProcess } from "@tollgate/python-environment";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { preparePython } from "../src/prepare-python.ts";
import { train } from "../src/train.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { trainerFolder } from "../src/trainer-paths.ts";
import { parseTrainingOptions } from "../src/training-options.ts";

/** Without Python, or without its packages, the trainer cannot run: the reason goes to standard error. */
const environment = await preparePython().catch((error: unknown) => {
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
    const store = join(folder, "mlflow.db");
    const places = ["--registry", registryFolder, "--work", folder, "--tracking", `sqlite:///${store}`];
    const options = parseTrainingOptions([...size, ...places]);
    const quiet = { write: () => true };
    const first = await train(options, quiet);
    const second = await train(options, quiet);
    expect(first).toMatchObject({ promoted: true, manifests: [{ version: 1 }, { version: 2 }] });
    expect(second).toMatchObject({ promoted: false, manifests: [{ version: 3 }, { version: 4 }] });
    const digests = (trained: typeof first): readonly string[] =>
      trained.manifests.map(({ sha256 }) => sha256);
    expect(digests(second)).toEqual(digests(first));
    expect(second.manifests[0]?.metrics).toEqual(first.manifests[0]?.metrics);

    const report = await readFile(join(folder, "card-payments", "report.md"), "utf8");
    for (const scorer of ["trees", "simple model", "rules", "champion card-payments@v1"]) {
      expect(report).toContain(`| ${scorer} | 0.`);
    }

    const registry = openModelRegistry(registryFolder);
    const fallback = await registry.resolve("card-payments@fallback");
    expect(fallback.manifest).toMatchObject({ version: 2, trainedOn: { kind: "logistic regression" } });
    const resolved = await registry.resolve("card-payments@champion");
    columnsOfModel(resolved.manifest, compileEngagement(engagement).featureSet);
    expect(report).toContain("by age_band: false_positive_rate_ratio");
    expect(tracked(store)).toEqual({ runs: 2, curves: true, data: 2 });
    const text = new TextDecoder().decode(resolved.files.get("reference.json"));
    const reference = parseReferenceProfile(JSON.parse(text));
    expect(reference).toMatchObject({ ok: true, value: { model: { name: "card-payments", version: 1 } } });
    const model = await loadModel({ ...resolved, clock: systemClock(), logger: silentLogger() });
    expect(model.reference.version).toBe(1);
    await model.close();
  },
);

/** What MLflow's store holds: finished runs, points of the learning curve, digests of the rows. */
function tracked(path: string): { readonly runs: number; readonly curves: boolean; readonly data: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  const count = (query: string): number => Number(database.prepare(query).get()?.["n"]);
  const found = {
    runs: count("select count(*) n from runs where status = 'FINISHED'"),
    curves: count("select count(*) n from metrics where key = 'learning/validationAveragePrecision'") > 2,
    data: count("select count(*) n from tags where key = 'data.sha256' and length(value) = 64"),
  };
  database.close();
  return found;
}

test.runIf(environment !== undefined)("the Python part passes its own tests", async () => {
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"];
  const { exitCode, output } = await runProcess(environment?.python ?? "", args, { cwd: trainerFolder });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
});

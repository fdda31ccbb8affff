import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { preparePython } from "../src/prepare-python.ts";
import { train } from "../src/train.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { parseTrainingOptions } from "../src/training-options.ts";
import { openMlflow, startMlflow } from "./support/mlflow-server.ts";

/** Without Python, or without its packages, the trainer cannot run: the reason goes to standard error. */
const environment = await preparePython().catch((error: unknown) => {
  if (!(error instanceof TrainerError)) throw error;
  process.stderr.write(`tracking by URL is not tested: ${error.message}\n`);
  return undefined;
});
const mlflow = environment === undefined ? undefined : await openMlflow();

test.runIf(mlflow !== undefined)(
  "a run is on the MLflow server that --tracking names: parameters, figures, curves, tags and files",
  { timeout: 600_000 },
  async () => {
    const url = await startMlflow(mlflow ?? "");
    const folder = await mkdtemp(join(tmpdir(), "tollgate-tracking-"));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const size = ["--transactions", "24000", "--customers", "400", "--seed", "7"];
    const places = ["--registry", join(folder, "registry"), "--work", folder, "--tracking", url];
    const said: string[] = [];
    const screen = { write: (text: string) => said.push(text) > 0 };
    const { manifests } = await train(parseTrainingOptions([...size, ...places]), screen);
    expect(said.join("")).toMatch(new RegExp(`tracked: run \\w+ of experiment card-payments in ${url}`, "u"));

    const run = await onlyRun(url, "card-payments");
    expect(run.info.status).toBe("FINISHED");
    const parameters = valuesOf(run.data.params);
    expect(parameters.get("seed")).toBe("7");
    expect(parameters.get("trees")).toBe(String(manifests[0]?.trainedOn["trees"]));
    const figures = valuesOf(run.data.metrics);
    for (const scorer of ["trees", "simple model", "rules"]) {
      expect(figures.get(`${scorer}/averagePrecision`)).toBeGreaterThan(0);
    }
    expect(figures.get("trees/averagePrecision")).toBe(manifests[0]?.metrics["averagePrecision"]);
    const tags = valuesOf(run.data.tags);
    expect(tags.get("data.sha256")).toBe(manifests[0]?.provenance?.trainingData.sha256);
    expect(tags.get("environment.lock")).toBe(manifests[0]?.provenance?.environment.lock);

    const curve = await curveOf(url, run.info.run_id, "learning/validationAveragePrecision");
    expect(curve.map(({ step }) => Number(step))).toEqual(curve.map((_, index) => index + 1));
    expect(curve.length).toBeGreaterThanOrEqual(Number(parameters.get("trees")));
    const files = await filesOf(url, run.info.run_id);
    expect(files).toEqual(expect.arrayContaining(["model.onnx", "fallback.onnx", "evaluation.json"]));
    expect(files.filter((name) => name.endsWith(".parquet"))).toEqual([]);
    for (const name of ["report.md", "model.onnx"]) {
      const kept = await readFile(join(folder, "card-payments", name));
      expect((await artifact(url, run.info.run_id, name)).equals(kept)).toBe(true);
    }
  },
);

interface Run {
  readonly info: { readonly run_id: string; readonly status: string };
  readonly data: {
    readonly params: readonly Pair<string>[];
    readonly metrics: readonly Pair<number>[];
    readonly tags: readonly Pair<string>[];
  };
}

interface Pair<Value> {
  readonly key: string;
  readonly value: Value;
}

function valuesOf<Value>(pairs: readonly Pair<Value>[]): ReadonlyMap<string, Value> {
  return new Map(pairs.map(({ key, value }) => [key, value]));
}

async function onlyRun(url: string, name: string): Promise<Run> {
  const question = `experiments/get-by-name?experiment_name=${name}`;
  const { experiment } = await ask<{ experiment: { experiment_id: string } }>(url, question);
  const body = JSON.stringify({ experiment_ids: [experiment.experiment_id] });
  const { runs } = await ask<{ runs: readonly Run[] }>(url, "runs/search", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const [run] = runs;
  if (run === undefined || runs.length > 1)
    throw new Error(`${runs.length} runs on a server of this test's own`);
  return run;
}

async function curveOf(
  url: string,
  runId: string,
  metric: string,
): Promise<readonly { readonly step: number | string }[]> {
  const question = `metrics/get-history?run_id=${runId}&metric_key=${encodeURIComponent(metric)}`;
  const { metrics } = await ask<{ metrics: readonly { readonly step: number | string }[] }>(url, question);
  return metrics;
}

async function filesOf(url: string, runId: string): Promise<readonly string[]> {
  const { files } = await ask<{ files: readonly { path: string }[] }>(url, `artifacts/list?run_id=${runId}`);
  return files.map(({ path }) => path);
}

async function artifact(url: string, runId: string, path: string): Promise<Buffer> {
  const response = await fetch(`${url}/get-artifact?run_id=${runId}&path=${path}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** MLflow's REST API. */
async function ask<Answer>(url: string, question: string, request: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}/api/2.0/mlflow/${question}`, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`MLflow answered ${question} with ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecisionAnswer } from "@tollgate/contracts";
import { compileEngagement } from "@tollgate/engagement";
import { engagement, type UlbPayment } from "@tollgate/engagement-ulb";
import { loadModel } from "@tollgate/inference";
import { openModelRegistry } from "@tollgate/model-registry";
import { runProcess } from "@tollgate/python-environment";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { freePort, serviceTest, spawnApp, until } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { preparePython } from "../src/prepare-python.ts";
import { train } from "../src/train.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { trainerFolder } from "../src/trainer-paths.ts";
import { parseTrainingOptions } from "../src/training-options.ts";

const payments = 1_000;
const requestsAtOnce = 10;
const differenceMax = 1e-6;
const key = "key-of-the-train-to-serve-test";

/** Without Python, or without its packages, the trainer cannot run: the reason goes to standard error. */
const environment = await preparePython().catch((error: unknown) => {
  if (!(error instanceof TrainerError)) throw error;
  process.stderr.write(`train to serve is not tested: ${error.message}\n`);
  return undefined;
});

serviceTest.runIf(environment !== undefined)(
  "a model of a second engagement scores 1,000 payments alike in Python, in Node and over HTTP",
  { timeout: 600_000 },
  async ({ kafkaBrokers, redisUrl, redis, prefix }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    const folder = await mkdtemp(join(tmpdir(), "tollgate-serve-"));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const registryFolder = join(folder, "registry");
    const places = ["--registry", registryFolder, "--work", folder, "--tracking", "off"];
    const size = [
      "--engagement",
      "ulb",
      "--model",
      "blend",
      "--transactions",
      "24000",
      "--customers",
      "4000",
    ];
    await train(parseTrainingOptions([...size, ...places]), { write: () => true });

    const sent = somePayments(prefix);
    const vectors = vectorsOf(sent);
    const inPython = await pythonScores(folder, vectors);
    const inNode = await nodeScores(registryFolder, vectors);
    const api = await startApi({
      registryFolder,
      kafkaBrokers,
      redisUrl,
      prefix,
      outbox: join(folder, "out"),
    });
    const overHttp = await httpScores(api, sent);

    expect(overHttp).toHaveLength(payments);
    expect(new Set(inNode).size).toBeGreaterThan(payments / 2);
    expect(largestDifference(inPython, inNode)).toBeLessThan(differenceMax);
    expect(largestDifference(overHttp, inNode)).toBeLessThan(differenceMax);
  },
);

/** A stream that the model has not been fitted on. */
function somePayments(prefix: string): readonly UlbPayment[] {
  const found: UlbPayment[] = [];
  const options = { seed: 11, customers: 4_000, startMs: Date.now() - 86_400_000, idPrefix: prefix };
  for (const { transaction } of engagement.simulate(options)) {
    found.push(transaction);
    if (found.length === payments) break;
  }
  return found;
}

/** Each payment is an entity of its own, so that its vector is known beforehand. */
function vectorsOf(sent: readonly UlbPayment[]): Float32Array {
  const { featureSet } = compileEngagement(engagement);
  const vectors = new Float32Array(sent.length * featureSet.size);
  for (const [row, payment] of sent.entries()) {
    featureSet.compute(payment, [null], vectors, row * featureSet.size);
  }
  return vectors;
}

/** From the file that the fit left, before it was registered. */
async function pythonScores(folder: string, vectors: Float32Array): Promise<readonly number[]> {
  const input = join(folder, "vectors.f32");
  const output = join(folder, "scores.json");
  await writeFile(input, new Uint8Array(vectors.buffer));
  const program = [
    "import json, sys, numpy, pathlib",
    "from tollgate_trainer.run_onnx import run_onnx",
    "model, vectors, output = map(pathlib.Path, sys.argv[1:4])",
    `rows = numpy.fromfile(vectors, "<f4").reshape(${payments}, -1)`,
    "output.write_text(json.dumps(run_onnx(model.read_bytes(), rows).tolist()))",
  ].join("\n");
  const model = join(folder, "ulb", "model.onnx");
  const args = ["-c", program, model, input, output];
  const ended = await runProcess(environment?.python ?? "", args, { cwd: trainerFolder });
  expect(ended).toMatchObject({ exitCode: 0 });
  return JSON.parse(await readFile(output, "utf8")) as readonly number[];
}

async function nodeScores(registryFolder: string, vectors: Float32Array): Promise<readonly number[]> {
  const registry = openModelRegistry(registryFolder);
  const resolved = await registry.resolve("ulb@champion");
  const model = await loadModel({ ...resolved, clock: systemClock(), logger: silentLogger() });
  const scores = [...(await model.score(vectors, payments))];
  await model.close();
  await registry.close();
  return scores;
}

async function startApi(services: {
  readonly registryFolder: string;
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
  readonly outbox: string;
}): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  const entry = { id: "test", sha256, scopes: ["score"], ratePerSecond: 100_000, burst: 100_000 };
  const app = await spawnApp({
    entry: new URL("../../scoring-api/src/main.ts", import.meta.url).pathname,
    environment: {
      TOLLGATE_ENGAGEMENT: "@tollgate/engagement-ulb",
      TOLLGATE_MODEL: "ulb@champion",
      TOLLGATE_MODEL_REGISTRY: services.registryFolder,
      TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: services.redisUrl,
      TOLLGATE_REDIS_PREFIX: services.prefix,
      TOLLGATE_TOPIC_PREFIX: services.prefix,
      TOLLGATE_API_KEYS: JSON.stringify([entry]),
      TOLLGATE_API_HTTP_PORT: String(port),
      TOLLGATE_OUTBOX_FOLDER: services.outbox,
    },
  });
  onTestFinished(async () => void (await app.stop()));
  const isReady = async (): Promise<boolean> =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => !app.alive(),
    );
  await until(isReady, { describe: "the API to be ready", deadlineMs: 150_000 });
  if (!app.alive()) throw new Error(`the API ended before it was ready: ${app.logs()}`);
  return url;
}

async function httpScores(url: string, sent: readonly UlbPayment[]): Promise<readonly number[]> {
  const scores: number[] = [];
  for (let at = 0; at < sent.length; at += requestsAtOnce) {
    const some = sent.slice(at, at + requestsAtOnce);
    scores.push(...(await Promise.all(some.map(async (payment) => httpScore(url, payment)))));
  }
  return scores;
}

async function httpScore(url: string, payment: UlbPayment): Promise<number> {
  const response = await fetch(`${url}/v1/score`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      // So much that only a fault makes the answer degraded.
      "tollgate-deadline-ms": "5000",
    },
    body: JSON.stringify(engagement.transaction.toWire(payment)),
  });
  const answer = (await response.json()) as DecisionAnswer;
  expect({ status: response.status, answer }).toMatchObject({ status: 200 });
  return answer.score ?? Number.NaN;
}

function largestDifference(left: readonly number[], right: readonly number[]): number {
  return Math.max(...left.map((score, row) => Math.abs(score - (right[row] ?? Number.NaN))));
}

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  decodeVector,
  type BaseTransaction,
  type DecisionAnswer,
  type DecisionRecord,
} from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { loadModel } from "@tollgate/inference";
import { columnsOfModel, openModelRegistry, type ResolvedModel } from "@tollgate/model-registry";
import { runProcess } from "@tollgate/python-environment";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { loadEngagement } from "@tollgate/scoring";
import { freePort, serviceTest, spawnApp, until, type ServiceFixtures } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { preparePython } from "../src/prepare-python.ts";
import { train } from "../src/train.ts";
import { TrainerError } from "../src/trainer-error.ts";
import { trainerFolder } from "../src/trainer-paths.ts";
import { parseTrainingOptions } from "../src/training-options.ts";
import { pythonOfNetwork } from "./support/python-of-network.ts";

const payments = 1_000;
const requestsAtOnce = 10;
const differenceMax = 1e-6;
/** Old enough that no payment lies in the future, and young enough that no card's state has ended. */
const streamDays = 40;
const key = "key-of-the-train-to-serve-test";

/** Without Python, or without its packages, the trainer cannot run: the reason goes to standard error. */
const environment = await preparePython().catch((error: unknown) => {
  if (!(error instanceof TrainerError)) throw error;
  process.stderr.write(`train to serve is not tested: ${error.message}\n`);
  return undefined;
});
const neuralPython = await pythonOfNetwork();

const cards = { name: "card-payments", customers: 400, paying: 100, withHistory: payments / 2 };
const cases = [
  // Each payment of `ulb` is an entity of its own; a card pays again and again.
  { name: "ulb", model: "blend", customers: 4_000, paying: 4_000, withHistory: 0 },
  { ...cards, model: "trees" },
  ...(neuralPython === undefined ? [] : [{ ...cards, model: "neural" }]),
];

serviceTest.runIf(environment !== undefined).for(cases)(
  "$name, $model: 1,000 payments score alike in the training library, in ONNX here and there, and over HTTP",
  { timeout: 600_000 },
  async (
    { name, model, customers, paying, withHistory },
    { kafka, kafkaBrokers, redisUrl, redis, prefix },
  ) => {
    const services = { kafka, kafkaBrokers, redisUrl, prefix };
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    const folder = await mkdtemp(join(tmpdir(), "tollgate-serve-"));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const registryFolder = join(folder, "registry");
    const places = ["--registry", registryFolder, "--work", folder, "--tracking", "off"];
    const size = ["--transactions", "24000", "--customers", String(customers)];
    const wanted = ["--engagement", name, "--model", model, ...size, ...places];
    await train(parseTrainingOptions(wanted), { write: () => true });

    const { compiled } = await loadEngagement(`@tollgate/engagement-${name}`);
    const resolved = await resolveChampion(registryFolder, name);
    const api = await startApi({ ...services, name, registryFolder, outbox: join(folder, "out") });
    const sent = somePayments(compiled, { prefix, paying });
    const overHttp = await httpScores(api, compiled, sent);
    const records = await decisionsOf(services, sent);
    const states = records.filter(({ statesRead }) => statesRead.some(({ status }) => status === "PRESENT"));
    expect(states.length).toBeGreaterThanOrEqual(withHistory);

    const inputs = modelInputs(compiled, resolved, records);
    const inNode = await nodeScores(resolved, inputs);
    const inPython = await pythonScores(join(folder, name), inputs, { withLibrary: model !== "neural" });
    expect(overHttp).toHaveLength(payments);
    expect(new Set(inNode).size).toBeGreaterThan(payments / 10);
    expect(largestDifference(overHttp, inNode)).toBeLessThan(differenceMax);
    expect(largestDifference(overHttp, inPython.onnx)).toBeLessThan(differenceMax);
    // A network is not kept beside its graph: what JAX gives is compared at the gates, on the test window.
    if (model !== "neural") {
      expect(largestDifference(overHttp, inPython.library)).toBeLessThan(differenceMax);
    }
  },
);

type Engagement = CompiledEngagement<BaseTransaction>;
type Services = Pick<ServiceFixtures, "kafka" | "kafkaBrokers" | "redisUrl" | "prefix">;

/** A stream that the model has not been fitted on. */
function somePayments(
  { engagement }: Engagement,
  { prefix, paying }: { readonly prefix: string; readonly paying: number },
): readonly BaseTransaction[] {
  const found: BaseTransaction[] = [];
  const startMs = Date.now() - streamDays * 86_400_000;
  for (const { transaction } of engagement.simulate({
    seed: 11,
    customers: paying,
    startMs,
    idPrefix: prefix,
  })) {
    found.push(transaction);
    if (found.length === payments) break;
  }
  return found;
}

/** What the service noted of each payment: its vector is what was scored. */
async function decisionsOf(
  { kafka, prefix }: Services,
  sent: readonly BaseTransaction[],
): Promise<readonly DecisionRecord[]> {
  const records = new Map<string, DecisionRecord>();
  const consumer = kafka.consumer({ groupId: `${prefix}decisions` });
  await consumer.connect();
  onTestFinished(async () => consumer.disconnect());
  await consumer.subscribe({ topic: `${prefix}fraud.decisions.v1`, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const record = JSON.parse(message.value?.toString("utf8") ?? "null") as DecisionRecord;
      records.set(record.transactionId, record);
    },
  });
  const describe = `${sent.length} decisions on the log`;
  await until(() => records.size >= sent.length, { describe, deadlineMs: 60_000 });
  return sent.flatMap(({ id }) => records.get(id) ?? []);
}

/** The columns of the vectors that the model reads, one row a decision. */
function modelInputs(
  compiled: Engagement,
  { manifest }: ResolvedModel,
  records: readonly DecisionRecord[],
): Float32Array<ArrayBuffer> {
  const columns = columnsOfModel(manifest, compiled.featureSet);
  const sequences = sequencesOf(compiled, records);
  const inputs = new Float32Array(records.length * columns.length);
  for (const [row, { vector }] of records.entries()) {
    const values = [...decodeVector(vector), ...(sequences[row] ?? [])];
    for (const [at, column] of columns.entries()) {
      inputs[row * columns.length + at] = values[column] ?? Number.NaN;
    }
  }
  return inputs;
}

/** A record does not hold the sequence: it follows from the payments that the card's state held when read. */
function sequencesOf(
  { engagement, featureSet, partitionEntity }: Engagement,
  records: readonly DecisionRecord[],
): readonly Float32Array[] {
  const { sequence } = featureSet;
  if (sequence === undefined) return [];
  const sequences: Float32Array[] = [];
  const position = featureSet.entities.indexOf(partitionEntity);
  const versionOf = ({ statesRead }: DecisionRecord): number => statesRead[position]?.version ?? 0;
  const numbered = records.map((record, row) => ({ record, row }));
  for (const ofCard of Map.groupBy(numbered, ({ record }) => record.partitionKey).values()) {
    const state = partitionEntity.empty();
    for (const { record, row } of ofCard.toSorted(
      (one, other) => versionOf(one.record) - versionOf(other.record),
    )) {
      const payment = engagement.transaction.fromWire(record.transaction);
      const known = versionOf(record) === 0 ? null : state;
      const states = featureSet.entities.map((_entity, number) => (number === position ? known : null));
      const values = new Float32Array(sequence.size);
      sequence.read(payment, states, values, 0);
      sequences[row] = values;
      partitionEntity.apply(state, payment);
    }
  }
  return sequences;
}

interface PythonScores {
  /** LightGBM's own prediction, with the lines and the calibration of the fit. */
  readonly library: readonly number[];
  readonly onnx: readonly number[];
}

/** From the files that the fit left, before they were registered. */
async function pythonScores(
  folder: string,
  inputs: Float32Array<ArrayBuffer>,
  { withLibrary }: { readonly withLibrary: boolean },
): Promise<PythonScores> {
  const vectors = join(folder, "vectors.f32");
  const output = join(folder, "scores.json");
  await writeFile(vectors, new Uint8Array(inputs.buffer));
  const program = [
    "import json, sys, numpy, pathlib",
    "from tollgate_trainer.fitted_model_file import read_fitted_model",
    "from tollgate_trainer.run_onnx import run_onnx",
    "folder, vectors, output = map(pathlib.Path, sys.argv[1:4])",
    `rows = numpy.fromfile(vectors, "<f4").reshape(${payments}, -1)`,
    'onnx = run_onnx((folder / "model.onnx").read_bytes(), rows)',
    withLibrary ? "library = read_fitted_model(folder).predict(rows)" : "library = onnx",
    'output.write_text(json.dumps({"library": library.tolist(), "onnx": onnx.tolist()}))',
  ].join("\n");
  const args = ["-c", program, folder, vectors, output];
  const ended = await runProcess(environment?.python ?? "", args, { cwd: trainerFolder });
  expect(ended).toMatchObject({ exitCode: 0 });
  return JSON.parse(await readFile(output, "utf8")) as PythonScores;
}

async function resolveChampion(registryFolder: string, name: string): Promise<ResolvedModel> {
  const registry = openModelRegistry(registryFolder);
  const resolved = await registry.resolve(`${name}@champion`);
  await registry.close();
  return resolved;
}

async function nodeScores(
  resolved: ResolvedModel,
  inputs: Float32Array<ArrayBuffer>,
): Promise<readonly number[]> {
  const model = await loadModel({ ...resolved, clock: systemClock(), logger: silentLogger() });
  const scores = [...(await model.score(inputs, payments))];
  await model.close();
  return scores;
}

async function startApi(
  settings: Services & { readonly name: string; readonly registryFolder: string; readonly outbox: string },
): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  const entry = { id: "test", sha256, scopes: ["score"], ratePerSecond: 100_000, burst: 100_000 };
  const { name, prefix } = settings;
  const app = await spawnApp({
    entry: new URL("../../scoring-api/src/main.ts", import.meta.url).pathname,
    environment: {
      TOLLGATE_ENGAGEMENT: `@tollgate/engagement-${name}`,
      TOLLGATE_MODEL: `${name}@champion`,
      TOLLGATE_MODEL_REGISTRY: settings.registryFolder,
      TOLLGATE_KAFKA_BROKERS: settings.kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: settings.redisUrl,
      TOLLGATE_REDIS_PREFIX: prefix,
      TOLLGATE_TOPIC_PREFIX: prefix,
      TOLLGATE_API_KEYS: JSON.stringify([entry]),
      TOLLGATE_API_HTTP_PORT: String(port),
      TOLLGATE_OUTBOX_FOLDER: settings.outbox,
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

async function httpScores(
  url: string,
  { engagement }: Engagement,
  sent: readonly BaseTransaction[],
): Promise<readonly number[]> {
  const scores: number[] = [];
  for (let at = 0; at < sent.length; at += requestsAtOnce) {
    const some = sent.slice(at, at + requestsAtOnce).map((payment) => engagement.transaction.toWire(payment));
    scores.push(...(await Promise.all(some.map(async (payment) => httpScore(url, payment)))));
  }
  return scores;
}

async function httpScore(url: string, payment: unknown): Promise<number> {
  const response = await fetch(`${url}/v1/score`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      // So much that only a fault makes the answer degraded.
      "tollgate-deadline-ms": "5000",
    },
    body: JSON.stringify(payment),
  });
  const answer = (await response.json()) as DecisionAnswer;
  expect({ status: response.status, answer }).toMatchObject({ status: 200 });
  return answer.score ?? Number.NaN;
}

function largestDifference(left: readonly number[], right: readonly number[]): number {
  return Math.max(...left.map((score, row) => Math.abs(score - (right[row] ?? Number.NaN))));
}

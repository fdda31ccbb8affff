/**
 * Runs on a machine's WebGPU device and prints what it found as one line of JSON: a process of its own,
 * because the Vulkan driver is chosen by the environment that a process starts with.
 */
import { decodeGoldenRows, type ModelManifest } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import {
  createAcceleratorMemory,
  loadModel,
  modelLimits,
  type AcceleratorMemory,
  type LoadModelOptions,
  type ScoringModel,
} from "../../src/index.ts";
import { committedChampion } from "./committed-champion.ts";
import { neuralModel } from "./neural-model.ts";

/** Whatever it costs: a device in software is slower than the CPU, but the code is the same. */
const anyDevice = { ...modelLimits, deviceMaxTimeShare: Number.MAX_VALUE };
const impossible = { ...modelLimits, deviceMaxTimeShare: 0 };
const network = neuralModel({ hiddenSize: 64 });

export interface WebGpuFindings {
  readonly inThread: DeviceFinding;
  readonly worker: DeviceFinding;
  /** With a time share of 0, which no device reaches. */
  readonly tooSlow: DeviceFinding;
  readonly trees: DeviceFinding;
  /** Providers of two versions side by side, and of a third that does not fit into the memory. */
  readonly sharing: readonly string[];
  readonly reservedAfterClose: number;
}

export interface DeviceFinding {
  readonly provider: string;
  readonly breakEvenRows: number | undefined;
  readonly note: string;
  /** Largest difference to the golden rows. */
  readonly difference: number;
}

async function load(
  model: { readonly modelBytes: Uint8Array; readonly manifest: ModelManifest },
  options: Partial<LoadModelOptions>,
): Promise<ScoringModel> {
  const common = {
    clock: systemClock(),
    logger: silentLogger(),
    accelerator: "webgpu",
    limits: anyDevice,
  } as const;
  return loadModel({ ...common, ...model, ...options });
}

async function find(
  model: { readonly modelBytes: Uint8Array; readonly manifest: ModelManifest },
  options: Partial<LoadModelOptions>,
): Promise<DeviceFinding> {
  const loaded = await load(model, options);
  const golden = decodeGoldenRows(model.manifest);
  const scores = await loaded.score(golden.vectors, golden.rows);
  const difference = scores.reduce(
    (largest, score, row) => Math.max(largest, Math.abs(score - (golden.probabilities[row] ?? Number.NaN))),
    0,
  );
  await loaded.close();
  return { ...loaded.accelerator, difference };
}

async function share(memory: AcceleratorMemory): Promise<readonly string[]> {
  const models: ScoringModel[] = [];
  for (let version = 1; version <= 3; version += 1) {
    models.push(await load(neuralModel({ hiddenSize: 64, version }), { acceleratorMemory: memory }));
  }
  const rows = network.manifest.goldenRows.length;
  const { vectors } = decodeGoldenRows(network.manifest);
  await Promise.all(models.map(async (model) => model.score(vectors, rows)));
  await Promise.all(models.map(async (model) => model.close()));
  return models.map((model) => model.accelerator.provider);
}

const memory = createAcceleratorMemory(network.modelBytes.byteLength * 4);
const findings: WebGpuFindings = {
  inThread: await find(network, { placement: "in-thread" }),
  worker: await find(network, { placement: "worker" }),
  tooSlow: await find(network, { limits: impossible }),
  trees: await find(await committedChampion(), {}),
  sharing: await share(memory),
  reservedAfterClose: memory.reservedBytes,
};
process.stdout.write(`${JSON.stringify(findings)}\n`);

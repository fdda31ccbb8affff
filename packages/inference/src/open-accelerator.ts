import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { GoldenRows, ModelManifest } from "@tollgate/model-registry";
import type { Clock } from "@tollgate/runtime";
import { listSupportedBackends } from "onnxruntime-node";
import type { AcceleratorUse } from "./accelerated-session.ts";
import { InferenceError } from "./errors.ts";
import type { ModelLimits } from "./limits.ts";
import { measureRuns, repeatRows, type Measurement } from "./measure-cost.ts";
import { openSession, type Provider, type Session } from "./open-session.ts";
import { warmUpSession } from "./verify-session.ts";

/** What may run a model beside the CPU. `auto` takes what the machine has: CUDA, else WebGPU. */
export type Accelerator = "auto" | "cuda" | "webgpu" | "cpu";

/** A device's session that is faster from some batch size on; or the reason why there is none. */
export interface OpenedAccelerator {
  readonly use: AcceleratorUse;
  readonly device: Session | undefined;
  /** What each batch size costs with the device where it is used. */
  readonly measurements: readonly Measurement[];
}

interface AcceleratorContext {
  readonly accelerator: Accelerator;
  readonly modelBytes: Uint8Array;
  readonly manifest: ModelManifest;
  readonly golden: GoldenRows;
  readonly cpu: Session;
  /** The CPU's cost of each size. */
  readonly measurements: readonly Measurement[];
  readonly clock: Clock;
  readonly limits: ModelLimits;
}

/**
 * Opens the model on the device that is asked for, compares its scores and its speed with the CPU's, and
 * keeps it when it is faster. Never throws: without a device the CPU scores.
 */
export async function openAccelerator(context: AcceleratorContext): Promise<OpenedAccelerator> {
  const { measurements } = context;
  const notes: string[] = [];
  for (const provider of candidatesOf(context.accelerator)) {
    const opened = await openOn(provider, context).catch((error: unknown) => String(error));
    if (typeof opened !== "string") return opened;
    notes.push(`${provider}: ${opened}`);
  }
  const note = notes.length > 0 ? notes.join("; ") : "no device was asked for or found";
  return { use: { provider: "cpu", breakEvenRows: undefined, note }, device: undefined, measurements };
}

/** A device that is asked for by name is tried in any case; `auto` looks whether there is a driver. */
function candidatesOf(accelerator: Accelerator): readonly Provider[] {
  switch (accelerator) {
    case "cpu":
      return [];
    case "cuda":
    case "webgpu":
      return [accelerator];
    case "auto": {
      const built = listSupportedBackends().map((backend): string => backend.name);
      const isThere = { cuda: hasCuda(), webgpu: hasGraphics() };
      return (["cuda", "webgpu"] as const).filter((name) => built.includes(name) && isThere[name]);
    }
  }
}

/** Asking for CUDA without its provider's file writes an error to the log of every process. */
function hasCuda(): boolean {
  const runtime = join(createRequire(import.meta.url).resolve("onnxruntime-node"), "../../bin/napi-v6");
  const provider = join(runtime, process.platform, process.arch, "libonnxruntime_providers_cuda.so");
  return existsSync(provider) && existsSync(nvidiaDevice);
}

/** macOS and Windows carry a graphics driver; on Linux one shows as a render node or as NVIDIA's device. */
function hasGraphics(): boolean {
  return process.platform !== "linux" || existsSync("/dev/dri") || existsSync(nvidiaDevice);
}

const nvidiaDevice = "/dev/nvidiactl";

/** Gives the reason when the device is of no use. */
async function openOn(provider: Provider, context: AcceleratorContext): Promise<OpenedAccelerator | string> {
  const { modelBytes, manifest, golden, clock, limits } = context;
  const device = await openSession(modelBytes, manifest, provider);
  try {
    const difference = await largestDifference(device, context);
    if (!(difference <= limits.deviceMaxDifference)) {
      const detail = `its scores differ from the CPU's by ${difference}`;
      throw new InferenceError("BACKEND", `${detail}, at most ${limits.deviceMaxDifference} is allowed`);
    }
    await warmUpSession(device, golden, limits);
    const onDevice = await measureRuns({ session: device, sample: golden, clock, limits });
    const breakEvenRows = breakEvenOf(context.measurements, onDevice, limits);
    if (breakEvenRows === undefined) {
      await device.close();
      return `slower than the CPU at every batch size (${comparison(context.measurements, onDevice)})`;
    }
    const measurements = context.measurements.map((onCpu, index) =>
      onCpu.rows < breakEvenRows ? onCpu : (onDevice[index] ?? onCpu),
    );
    const note = comparison(context.measurements, onDevice);
    return { use: { provider, breakEvenRows, note }, device, measurements };
  } catch (error) {
    await device.close();
    throw error;
  }
}

async function largestDifference(device: Session, context: AcceleratorContext): Promise<number> {
  const rows = Math.max(...context.limits.costRows);
  const vectors = repeatRows(context.golden, rows);
  const onDevice = await device.score(vectors, rows);
  const onCpu = await context.cpu.score(vectors, rows);
  // NaN on either side is a difference: Math.max keeps it.
  return onCpu.reduce(
    (largest, score, row) => Math.max(largest, Math.abs(score - (onDevice[row] ?? NaN))),
    0,
  );
}

/** The smallest measured size from which on the device was faster at every size; undefined when at none. */
export function breakEvenOf(
  onCpu: readonly Measurement[],
  onDevice: readonly Measurement[],
  limits: Pick<ModelLimits, "deviceMaxTimeShare">,
): number | undefined {
  let breakEvenRows: number | undefined;
  for (let index = onCpu.length - 1; index >= 0; index -= 1) {
    const cpu = onCpu[index];
    const device = onDevice[index];
    if (cpu === undefined || device === undefined) break;
    if (device.micros > cpu.micros * limits.deviceMaxTimeShare) break;
    breakEvenRows = cpu.rows;
  }
  return breakEvenRows;
}

function comparison(onCpu: readonly Measurement[], onDevice: readonly Measurement[]): string {
  const sizes = onCpu.map(({ rows, micros }, index) => {
    const device = onDevice[index]?.micros ?? Number.NaN;
    return `${rows} rows ${Math.round(device)} µs, CPU ${Math.round(micros)} µs`;
  });
  return sizes.join("; ");
}

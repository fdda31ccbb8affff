import type { GoldenRows, ModelManifest } from "@tollgate/model-registry";
import type { Clock } from "@tollgate/runtime";
import { acceleratedSession, type AcceleratorUse, type DeviceFailure } from "./accelerated-session.ts";
import type { ModelLimits } from "./limits.ts";
import { lineThrough, measureRuns, type ModelCost } from "./measure-cost.ts";
import { openAccelerator, type Accelerator } from "./open-accelerator.ts";
import { openSession, type Session } from "./open-session.ts";
import { checkGoldenRows, warmUpSession } from "./verify-session.ts";

/** What was found out while a session was opened. */
export interface PreparedFacts {
  readonly cost: ModelCost;
  readonly accelerator: AcceleratorUse;
  readonly goldenDifference: number;
  /** Processor time of opening, in milliseconds: a busy machine must not move a model to another place. */
  readonly openMs: number;
}

/** A session that is verified, warm and measured. */
export interface PreparedSession extends PreparedFacts {
  readonly session: Session;
}

export interface PrepareOptions {
  readonly modelBytes: Uint8Array;
  readonly manifest: ModelManifest;
  /** The manifest's, decoded. */
  readonly golden: GoldenRows;
  readonly accelerator: Accelerator;
  readonly clock: Clock;
  readonly limits: ModelLimits;
  readonly deviceFailed: (failure: DeviceFailure) => void;
}

/**
 * Opens the model on the CPU, checks its golden rows, warms it up, measures what a batch costs, and puts a
 * device beside it where one is faster. Throws MODEL_UNUSABLE or GOLDEN_ROWS_DIFFER with nothing left open.
 */
export async function prepareSession(options: PrepareOptions): Promise<PreparedSession> {
  const { modelBytes, manifest, golden, clock, limits } = options;
  const before = process.threadCpuUsage();
  const cpu = await openSession(modelBytes, manifest);
  const used = process.threadCpuUsage(before);
  const openMs = (used.user + used.system) / 1000;
  try {
    const goldenDifference = await checkGoldenRows(cpu, golden, { manifest, limits });
    await warmUpSession(cpu, golden, limits);
    const onCpu = await measureRuns({ session: cpu, sample: golden, clock, limits });
    const { use, device, measurements } = await openAccelerator({ ...options, cpu, measurements: onCpu });
    const facts = { cost: lineThrough(measurements), accelerator: use, goldenDifference, openMs };
    if (device === undefined || use.breakEvenRows === undefined) return { ...facts, session: cpu };
    const { provider, breakEvenRows } = use;
    const { deviceFailed } = options;
    return { ...facts, session: acceleratedSession({ cpu, device, provider, breakEvenRows, deviceFailed }) };
  } catch (error) {
    await cpu.close();
    throw error;
  }
}

import { decodeGoldenRows, type ModelManifest } from "@tollgate/model-registry";
import type { Clock, Logger } from "@tollgate/runtime";
import type { DeviceFailure } from "./accelerated-session.ts";
import type { AcceleratorMemory } from "./accelerator-memory.ts";
import { modelLimits, placementLimits, type ModelLimits, type PlacementLimits } from "./limits.ts";
import type { Accelerator } from "./open-accelerator.ts";
import { placeModel, type PlacedModel } from "./place-model.ts";
import type { Placement, ScoringModel } from "./scoring-model.ts";
import type { WorkerDeath } from "./supervise-worker.ts";

/** What a loaded model tells its owner, for metrics. */
export interface ModelObserver {
  /** The device is not used any more; the CPU scores in its place. */
  readonly deviceFailed?: (failure: DeviceFailure) => void;
  readonly workerDied?: (death: WorkerDeath) => void;
}

export interface LoadModelOptions {
  /** As the registry resolved them: the digest is already checked. */
  readonly modelBytes: Uint8Array;
  readonly manifest: ModelManifest;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Where it runs. `auto` loads, verifies and measures it in a worker, and brings it into this thread when a
   * full batch and the opening of the session hold a thread no longer than the limits say. Without it
   * `in-thread`, where verifying and measuring hold this thread too.
   */
  readonly placement?: Placement | "auto";
  /** What may run it beside the CPU; without it nothing. */
  readonly accelerator?: Accelerator;
  /** Shared by all models on the device; without it there is no limit. */
  readonly acceleratorMemory?: AcceleratorMemory;
  readonly observer?: ModelObserver;
  readonly limits?: ModelLimits;
  readonly placementLimits?: PlacementLimits;
}

/**
 * Opens the model, checks that it scores the golden rows here as it did where it was trained, warms it up and
 * measures what a batch costs. Throws MODEL_UNUSABLE or GOLDEN_ROWS_DIFFER; nothing is left open then.
 */
export async function loadModel(options: LoadModelOptions): Promise<ScoringModel> {
  const { manifest, clock } = options;
  const startMicros = clock.monotonicMicros();
  const { accelerator, returnMemory } = reserveMemory(options);
  try {
    const placed = await placeModel({
      modelBytes: options.modelBytes,
      manifest,
      golden: decodeGoldenRows(manifest),
      clock,
      accelerator,
      placement: options.placement ?? "in-thread",
      limits: options.limits ?? modelLimits,
      placementLimits: options.placementLimits ?? placementLimits,
      deviceFailed(failure) {
        options.logger.error("accelerator-failed", { model: nameOf(manifest), ...failure });
        options.observer?.deviceFailed?.(failure);
      },
      workerDied(death) {
        options.logger.error("scoring-worker-died", { model: nameOf(manifest), ...death });
        options.observer?.workerDied?.(death);
      },
    });
    if (placed.facts.accelerator.breakEvenRows === undefined) returnMemory();
    logLoaded(options, placed, (clock.monotonicMicros() - startMicros) / 1000);
    return {
      reference: { name: manifest.name, version: manifest.version, digest: manifest.sha256 },
      thresholds: manifest.thresholds,
      featureSet: manifest.featureSet,
      inputSize: manifest.input.size,
      cost: placed.facts.cost,
      placement: placed.placement,
      accelerator: placed.facts.accelerator,
      runsAtOnce: placed.runsAtOnce,
      score: placed.score,
      async close() {
        await placed.close();
        returnMemory();
      },
    };
  } catch (error) {
    returnMemory();
    throw error;
  }
}

/** A device holds the weights once as they are and once as its programs want them. */
const deviceBytesPerModelByte = 2;

function reserveMemory(options: LoadModelOptions): { accelerator: Accelerator; returnMemory: () => void } {
  const { accelerator = "cpu", acceleratorMemory, modelBytes, manifest } = options;
  if (accelerator === "cpu" || acceleratorMemory === undefined)
    return { accelerator, returnMemory: () => {} };
  const bytes = modelBytes.byteLength * deviceBytesPerModelByte;
  const returnMemory = acceleratorMemory.reserve(bytes);
  if (returnMemory !== undefined) return { accelerator, returnMemory };
  const { limitBytes, reservedBytes } = acceleratorMemory;
  options.logger.warn("accelerator-full", { model: nameOf(manifest), bytes, limitBytes, reservedBytes });
  return { accelerator: "cpu", returnMemory: () => {} };
}

function logLoaded(options: LoadModelOptions, placed: PlacedModel, loadMs: number): void {
  const { facts } = placed;
  options.logger.info("model-loaded", {
    model: nameOf(options.manifest),
    digest: options.manifest.sha256,
    bytes: options.modelBytes.byteLength,
    placement: placed.placement,
    accelerator: facts.accelerator.provider,
    breakEvenRows: facts.accelerator.breakEvenRows,
    acceleratorNote: facts.accelerator.note,
    goldenDifference: facts.goldenDifference,
    fixedMicros: Math.round(facts.cost.fixedMicros),
    perRowMicros: Number(facts.cost.perRowMicros.toFixed(2)),
    openMs: Number(facts.openMs.toFixed(1)),
    loadMs: Math.round(loadMs),
  });
}

function nameOf(manifest: ModelManifest): string {
  return `${manifest.name}@v${manifest.version}`;
}

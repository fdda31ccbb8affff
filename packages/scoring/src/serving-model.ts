import type { CompiledEngagement } from "@tollgate/engagement";
import {
  createModelSlot,
  loadModel,
  placementLimits,
  type InferenceObserver,
  type LoadModelOptions,
  type ModelSlot,
  type ScoringModel,
} from "@tollgate/inference";
import { columnsOfModel, type ModelManifest, type ModelRegistry } from "@tollgate/model-registry";
import { deadlineIn, type Clock, type Deadline, type Logger } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";
import {
  aliasOfReference,
  createModelWatch,
  type ModelWatch,
  type ModelWatchObserver,
} from "./model-watch.ts";
import type { Predictor } from "./scoring-plan.ts";

/** A loaded version, and where its inputs lie in the engagement's vector. */
export interface PipelineModel extends ScoringModel {
  readonly manifest: ModelManifest;
  /** For each input of the model its column. */
  readonly columns: Int32Array;
}

/** The model that this process serves. */
export interface ServingModel {
  /** Which version serves now; scores of vectors that are the model's own input. */
  readonly slot: ModelSlot<PipelineModel>;
  /** The same for the pipeline, which has the engagement's vectors. */
  readonly predictor: Predictor;
  /** Undefined when one version was asked for. */
  readonly watch: ModelWatch | undefined;
}

export interface ServingModelOptions {
  readonly registry: Pick<ModelRegistry, "resolve" | "aliasOf">;
  /** `name@alias`, which is followed, or `name@v3` or `name/3`. */
  readonly reference: string;
  readonly featureSet: Pick<CompiledEngagement<never>["featureSet"], "hash" | "features">;
  readonly load: Required<Pick<LoadModelOptions, "placement" | "accelerator">>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inferenceObserver: InferenceObserver;
  readonly watchObserver: ModelWatchObserver;
  /** Told of the first version and of each that takes its place. */
  readonly served: (model: PipelineModel) => void;
}

/** Loads the model and puts it where the next version can take its place. Throws what loading throws. */
export async function openServingModel(options: ServingModelOptions): Promise<ServingModel> {
  const { clock, logger, registry, reference } = options;
  const first = await loadVersion(options, reference, options.load);
  const slot = createModelSlot<PipelineModel>({ model: first, clock, observer: options.inferenceObserver });
  options.served(first);
  const alias = aliasOfReference(reference);
  const swap = (): ReturnType<typeof slot.swap> =>
    slot.swap(async () => {
      const model = await loadVersion(options, reference, besideServing(options.load));
      options.served(model);
      return model;
    });
  const servedVersion = (): number => slot.current.model.reference.version;
  const observer = options.watchObserver;
  const watch =
    alias === undefined
      ? undefined
      : createModelWatch({ registry, alias, servedVersion, swap, clock, logger, observer });
  return { slot, predictor: createPredictor(slot, clock), watch };
}

type Placing = Pick<LoadModelOptions, "placement" | "accelerator" | "placementLimits">;

/** While another version serves, a worker verifies and measures the next, wherever it is to run. */
function besideServing(load: ServingModelOptions["load"]): Placing {
  if (load.placement !== "in-thread") return load;
  const anywhere = { inThreadBatchMicros: Infinity, inThreadOpenMs: Infinity };
  return { ...load, placement: "auto", placementLimits: { ...placementLimits, ...anywhere } };
}

async function loadVersion(
  options: ServingModelOptions,
  reference: string,
  placing: Placing,
): Promise<PipelineModel> {
  const { clock, logger } = options;
  const { manifest, modelBytes } = await options.registry.resolve(reference);
  const columns = columnsOfModel(manifest, options.featureSet);
  const model = await loadModel({ modelBytes, manifest, clock, logger, ...placing });
  return { ...model, manifest, columns };
}

function createPredictor(slot: ModelSlot<PipelineModel>, clock: Clock): Predictor {
  return {
    async predict(vectors, deadline) {
      const limit = limitOf(clock, deadline);
      const { model, scores } = await slot.predict(({ columns }) => ({
        vectors: inputsOf(columns, vectors),
        rows: vectors.length,
        deadline: limit,
      }));
      return { version: model, scores };
    },
    refusal: (rows, deadline) => slot.refusal({ rows, deadline: limitOf(clock, deadline) })?.retryAfterMs,
  };
}

/** The time that is kept for deciding and recording is not the model's. */
function limitOf(clock: Clock, deadline: Deadline | undefined): Deadline {
  if (deadline === undefined) return deadlineIn(clock, scoringLimits.predictWithoutDeadlineMs);
  return {
    remainingMs: () => deadline.remainingMs() - scoringLimits.reserveMs,
    expired: () => deadline.remainingMs() <= scoringLimits.reserveMs,
  };
}

/** The model's columns of each vector, row after row. */
export function inputsOf(columns: Int32Array, vectors: readonly Float32Array[]): Float32Array {
  const inputs = new Float32Array(vectors.length * columns.length);
  let next = 0;
  for (const vector of vectors) {
    for (let input = 0; input < columns.length; input += 1) {
      inputs[next] = vector[columns[input] ?? -1] ?? Number.NaN;
      next += 1;
    }
  }
  return inputs;
}

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
import type { Clock, Logger } from "@tollgate/runtime";
import {
  aliasOfReference,
  createModelWatch,
  type ModelWatch,
  type ModelWatchObserver,
} from "./model-watch.ts";
import { createModelVersions, type ModelVersions, type ModelVersionsObserver } from "./model-versions.ts";
import { createPredictor } from "./predictor.ts";
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
  /** Whether a version was loaded, here or beside, that reads the feature set's sequence. */
  readonly readsSequence: () => boolean;
  /** Undefined when one version was asked for. */
  readonly watch: ModelWatch | undefined;
  /** The same and those that are kept loaded beside it, for callers who choose. */
  readonly versions: ModelVersions;
}

export interface ServingModelOptions {
  readonly registry: Pick<ModelRegistry, "resolve" | "aliasOf">;
  /** `name@alias`, which is followed, or `name@v3` or `name/3`. */
  readonly reference: string;
  /** References of further versions to keep loaded, for callers who choose one. */
  readonly beside: readonly string[];
  readonly featureSet: Pick<CompiledEngagement<never>["featureSet"], "hash" | "features" | "sequence">;
  readonly load: Required<Pick<LoadModelOptions, "placement" | "accelerator" | "acceleratorMemory">>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inferenceObserver: InferenceObserver;
  readonly watchObserver: ModelWatchObserver;
  /** Told of the first version and of each that takes its place. */
  readonly served: (model: PipelineModel) => void;
  readonly versionsObserver: ModelVersionsObserver;
}

/** Loads the model and puts it where the next version can take its place. Throws what loading throws. */
export async function openServingModel(options: ServingModelOptions): Promise<ServingModel> {
  const { clock, logger, registry, reference } = options;
  const sequence = { isRead: false };
  const first = await loadVersion(options, reference, { placing: options.load, sequence });
  const slot = createModelSlot<PipelineModel>({ model: first, clock, observer: options.inferenceObserver });
  options.served(first);
  const alias = aliasOfReference(reference);
  const swap = (): ReturnType<typeof slot.swap> =>
    slot.swap(async () => {
      const model = await loadVersion(options, reference, { placing: besideServing(options.load), sequence });
      options.served(model);
      return model;
    });
  const servedVersion = (): number => slot.current.model.reference.version;
  const observer = options.watchObserver;
  const watch =
    alias === undefined
      ? undefined
      : createModelWatch({ registry, alias, servedVersion, swap, clock, logger, observer });
  const versions = createModelVersions({
    ...options,
    served: { slot, reference },
    observer: options.versionsObserver,
    load: (wanted) => loadVersion(options, wanted, { placing: besideServing(options.load), sequence }),
  });
  await versions.check();
  const readsSequence = (): boolean => sequence.isRead;
  return { slot, predictor: createPredictor(slot, { clock }), readsSequence, watch, versions };
}

type Placing = Pick<LoadModelOptions, "placement" | "accelerator" | "acceleratorMemory" | "placementLimits">;

/** While another version serves, a worker verifies and measures the next, wherever it is to run. */
function besideServing(load: ServingModelOptions["load"]): Placing {
  if (load.placement !== "in-thread") return load;
  const anywhere = { inThreadBatchMicros: Infinity, inThreadOpenMs: Infinity };
  return { ...load, placement: "auto", placementLimits: { ...placementLimits, ...anywhere } };
}

async function loadVersion(
  options: ServingModelOptions,
  reference: string,
  { placing, sequence }: { readonly placing: Placing; readonly sequence: { isRead: boolean } },
): Promise<PipelineModel> {
  const { clock, logger } = options;
  const { manifest, modelBytes } = await options.registry.resolve(reference);
  const columns = columnsOfModel(manifest, options.featureSet);
  // Before the model is opened, which takes longer than any batch: none that it scores was begun without.
  sequence.isRead ||= manifest.sequence !== undefined;
  const { versionsObserver } = options;
  const observer = { deviceFailed: () => versionsObserver.deviceFailed(manifest) };
  const model = await loadModel({ modelBytes, manifest, clock, logger, observer, ...placing });
  versionsObserver.opened(model);
  return { ...model, manifest, columns };
}

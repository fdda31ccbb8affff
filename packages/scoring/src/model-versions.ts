import {
  createModelSlot,
  type InferenceObserver,
  type ModelSlot,
  type ScoringModel,
} from "@tollgate/inference";
import { parseModelReference, type ModelRegistry, type ModelSelector } from "@tollgate/model-registry";
import type { Clock, Logger } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";
import { lookEvery } from "./look-every.ts";
import type { ModelWatchObserver } from "./model-watch.ts";
import { createPredictor } from "./predictor.ts";
import type { Predictor } from "./scoring-plan.ts";
import type { PipelineModel } from "./serving-model.ts";

/** A loaded version that a caller may choose. */
export interface ChosenVersion {
  readonly slot: ModelSlot<PipelineModel>;
  /** Scores with this version and no other: rejects once another one has taken its place. */
  readonly predictor: Predictor;
}

/** Every version that this process has loaded: the one that serves everybody, and those kept beside it. */
export interface ModelVersions {
  /** The one that serves everybody first. */
  readonly slots: readonly ModelSlot<PipelineModel>[];
  /**
   * The version that `name@alias`, `name@v3` or `name/3` means at this moment; without a name (`@v3`) one of
   * the model that serves. Undefined when it is not loaded. Throws MODEL_REFERENCE_INVALID.
   */
  choose(reference: string): ChosenVersion | undefined;
  /** Looks where the aliases point to, loads what is missing, frees what nobody wants. Never rejects. */
  check(): Promise<void>;
  /** Looks every so often; the function that it gives ends that. */
  start(everyMs: number): () => Promise<void>;
  /** Frees all but the one that serves everybody. */
  close(): Promise<void>;
}

/** What loaded versions tell, for metrics. */
export interface ModelVersionsObserver {
  /** How many are loaded. */
  counted(versions: number): void;
  /** One is loaded and measured. */
  opened(model: Pick<ScoringModel, "reference" | "accelerator">): void;
  /** Its device stopped working; the CPU scores in its place. */
  deviceFailed(version: { readonly name: string; readonly version: number }): void;
}

export interface ModelVersionsOptions {
  readonly registry: Pick<ModelRegistry, "aliasOf">;
  /** The one that serves everybody, and the reference that it was loaded by. */
  readonly served: { readonly slot: ModelSlot<PipelineModel>; readonly reference: string };
  /** What is kept beside it; an alias that does not exist yet is waited for. */
  readonly beside: readonly string[];
  /** Loads and verifies `name/3`. */
  readonly load: (reference: string) => Promise<PipelineModel>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inferenceObserver: InferenceObserver;
  readonly watchObserver: ModelWatchObserver;
  readonly observer: Pick<ModelVersionsObserver, "counted">;
}

interface Kept extends ChosenVersion {
  /** Since when no reference means it; undefined while one does. */
  unwantedSinceMs: number | undefined;
}

interface VersionsState {
  readonly options: ModelVersionsOptions;
  /** `name/3` → the version. */
  readonly kept: Map<string, Kept>;
  /** `name@alias` → `name/3`, as last read. */
  readonly targets: Map<string, string>;
  /** When a version that did not load is tried again. */
  readonly retryAtMs: Map<string, number>;
}

/** Keeps further versions loaded beside the one that serves: one session for each, whoever names it. */
export function createModelVersions(options: ModelVersionsOptions): ModelVersions {
  const state: VersionsState = { options, kept: new Map(), targets: new Map(), retryAtMs: new Map() };
  const beside = options.beside.map(parseModelReference);
  const { slot } = options.served;
  const check = async (): Promise<void> => {
    const wanted = new Set<string>();
    for (const selector of beside) {
      const key = await targetOf(state, selector);
      if (key !== undefined && key !== keyOf(slot)) wanted.add(key);
    }
    await freeUnwanted(state, wanted);
    for (const key of wanted) await keep(state, key);
    options.observer.counted(state.kept.size + 1);
  };
  return {
    get slots() {
      return [slot, ...Array.from(state.kept.values(), (kept) => kept.slot)];
    },
    choose: (reference) => choose(state, reference),
    check,
    start: (everyMs) => lookEvery(check, everyMs),
    async close() {
      await Promise.all(Array.from(state.kept.values(), (kept) => kept.slot.close()));
      state.kept.clear();
    },
  };
}

function choose(state: VersionsState, reference: string): ChosenVersion | undefined {
  const { slot, reference: servedBy } = state.options.served;
  const { name: servedName } = slot.current.model.reference;
  const full = reference.startsWith("@") ? `${servedName}${reference}` : reference;
  const selector = parseModelReference(full);
  if (full === servedBy && "alias" in selector)
    return { slot, predictor: createPredictor(slot, state.options) };
  const key = "version" in selector ? nameOf(selector) : state.targets.get(nameOf(selector));
  if (key === undefined) return undefined;
  return key === keyOf(slot) ? pinned(state, key) : state.kept.get(key);
}

/** The slot that serves everybody may hold another version by the time that the model is asked. */
function pinned({ options }: VersionsState, key: string): ChosenVersion {
  const { slot } = options.served;
  const predictor = createPredictor(slot, options);
  return {
    slot,
    predictor: {
      ...predictor,
      async predict(vectors, deadline) {
        if (keyOf(slot) !== key) throw new Error(`${key} is not loaded any more`);
        return predictor.predict(vectors, deadline);
      },
    },
  };
}

/** Where it points to now; as last read when the registry cannot say. */
async function targetOf(state: VersionsState, selector: ModelSelector): Promise<string | undefined> {
  if ("version" in selector) return nameOf(selector);
  const { name, alias } = selector;
  const { registry, watchObserver, logger } = state.options;
  const of = nameOf(selector);
  try {
    const version = await registry.aliasOf(name, alias);
    if (version === undefined) state.targets.delete(of);
    else state.targets.set(of, nameOf({ name, version }));
  } catch (error) {
    watchObserver.unreadable();
    logger.error("model-alias-unreadable", { name, alias, message: String(error) });
  }
  return state.targets.get(of);
}

async function freeUnwanted(state: VersionsState, wanted: ReadonlySet<string>): Promise<void> {
  const nowMs = state.options.clock.monotonicMicros() / 1000;
  for (const [key, kept] of state.kept) {
    if (wanted.has(key)) {
      kept.unwantedSinceMs = undefined;
      continue;
    }
    // Whoever chose it a moment ago still gets its score.
    kept.unwantedSinceMs ??= nowMs;
    if (nowMs - kept.unwantedSinceMs < scoringLimits.unwantedVersionMs) continue;
    state.kept.delete(key);
    await kept.slot.close();
    const { name, version } = kept.slot.current.model.reference;
    state.options.logger.info("model-unloaded", { name, version });
  }
}

async function keep(state: VersionsState, key: string): Promise<void> {
  const { clock, logger, watchObserver, inferenceObserver } = state.options;
  const startMs = clock.monotonicMicros() / 1000;
  // One that is being freed still counts: its turn comes at a later look.
  if (state.kept.has(key) || state.kept.size + 1 >= scoringLimits.loadedVersions) return;
  if (startMs < (state.retryAtMs.get(key) ?? 0)) return;
  try {
    const model = await state.options.load(key);
    const slot = createModelSlot<PipelineModel>({ model, clock, observer: inferenceObserver });
    state.kept.set(key, { slot, predictor: createPredictor(slot, { clock }), unwantedSinceMs: undefined });
    state.retryAtMs.delete(key);
    watchObserver.loaded({ loadMs: clock.monotonicMicros() / 1000 - startMs, drainMs: 0 });
  } catch (error) {
    state.retryAtMs.set(key, startMs + scoringLimits.modelRetryMs);
    watchObserver.refused();
    const [name = "", version] = key.split("/");
    logger.error("model-refused", { name, version: Number(version), message: String(error) });
  }
}

function keyOf(slot: ModelSlot<PipelineModel>): string {
  return nameOf(slot.current.model.reference);
}

function nameOf(selector: ModelSelector): string {
  return "version" in selector
    ? `${selector.name}/${selector.version}`
    : `${selector.name}@${selector.alias}`;
}

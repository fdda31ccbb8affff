import type { ModelSlot, ScoringModel } from "@tollgate/inference";
import { ModelRegistryError } from "@tollgate/model-registry";
import { ApiError } from "../../errors.ts";
import type { Exchange } from "../../route.ts";
import type { ModelManifest } from "@tollgate/model-registry";
import type { DocumentedModel } from "../openapi/openapi-types.ts";

/** What the protocol says of a loaded version. */
export interface OipModel extends ScoringModel {
  readonly manifest: {
    readonly input: { readonly name: string; readonly size: number };
    readonly output: { readonly name: string };
    /** In the order of the input. */
    readonly features: readonly { readonly name: string }[];
    /** What the input has behind them. */
    readonly sequence?: ModelManifest["sequence"];
  };
}

/** Where the model is served; the version in it may change between two calls. */
export type OipSlot = Pick<ModelSlot<OipModel>, "current" | "predict">;

/** Every loaded version: one serves whoever names none. */
export interface OipModels {
  /** The one that serves everybody first. */
  readonly slots: readonly OipSlot[];
  /** As the registry's references; undefined when it is not loaded. Throws `MODEL_REFERENCE_INVALID`. */
  choose(reference: string): { readonly slot: OipSlot } | undefined;
}

/** What the path of a request names: a slot, and the version that it must hold when the model is asked. */
export interface OipTarget {
  readonly slot: OipSlot;
  /** Undefined: whichever serves. */
  readonly version: string | undefined;
}

/**
 * The model of `/v2/models/{model}`, which may be `name@alias` or `name@v3`, and of
 * `/v2/models/{model}/versions/{version}`.
 * @throws ApiError `MODEL_NOT_LOADED`, naming what is loaded; `MISSING_SCOPE` for a key that may not choose
 */
export function targetOf(exchange: Exchange, models: OipModels): OipTarget {
  const { model = "", version } = exchange.parameters;
  const served = servedSlot(models);
  if (version === undefined && model === served.current.model.reference.name) {
    return { slot: served, version: undefined };
  }
  const slot = slotOf(models, version === undefined ? model : `${model}/${version}`);
  if (slot === undefined) throw notLoaded(exchange, models);
  if (slot !== served) exchange.require("models:choose");
  return { slot, version: versionOf(slot.current.model) };
}

/** What cannot be a reference is not loaded either; `@alias` alone is a header's short form, no name. */
function slotOf(models: OipModels, reference: string): OipSlot | undefined {
  if (reference.startsWith("@")) return undefined;
  try {
    return models.choose(reference)?.slot;
  } catch (error) {
    if (error instanceof ModelRegistryError) return undefined;
    throw error;
  }
}

/** @throws ApiError `MODEL_NOT_LOADED` when another version has taken its place meanwhile */
export function assertStillThere(
  exchange: Exchange,
  models: OipModels,
  wanted: {
    readonly target: OipTarget;
    readonly model: OipModel;
  },
): void {
  const { version } = wanted.target;
  if (version !== undefined && version !== versionOf(wanted.model)) throw notLoaded(exchange, models);
}

export function servedSlot(models: OipModels): OipSlot {
  const [served] = models.slots;
  if (served === undefined) throw new Error("no model serves");
  return served;
}

/** Those that this caller may ask for. */
export function versionsFor(exchange: Exchange, models: OipModels): readonly OipModel[] {
  const slots = exchange.holds("models:choose") ? models.slots : [servedSlot(models)];
  return slots.map(({ current }) => current.model);
}

function notLoaded({ parameters: { model, version } }: Exchange, { slots }: OipModels): ApiError {
  const wanted = version === undefined ? `"${model}"` : `"${model}" version "${version}"`;
  const loaded = slots.map(({ current }) => {
    return `"${current.model.reference.name}" version "${versionOf(current.model)}"`;
  });
  const detail = `${wanted} was asked for, ${loaded.join(" and ")} is loaded.`;
  return new ApiError("MODEL_NOT_LOADED", { detail });
}

export function versionOf({ reference }: OipModel): string {
  return String(reference.version);
}

/** The version that serves at the start, for the examples of the description. */
export function documentedModel(model: OipModel): DocumentedModel {
  return { name: model.reference.name, version: versionOf(model), input: model.manifest.input };
}

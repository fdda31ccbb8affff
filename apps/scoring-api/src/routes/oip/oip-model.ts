import type { ModelSlot, ScoringModel } from "@tollgate/inference";
import { ApiError } from "../../errors.ts";
import type { DocumentedModel } from "../openapi/openapi-types.ts";

/** What the protocol says of a loaded version. */
export interface OipModel extends ScoringModel {
  readonly manifest: {
    readonly input: { readonly name: string; readonly size: number };
    readonly output: { readonly name: string };
  };
}

/** Where the model is served; the version in it may change between two calls. */
export type OipSlot = Pick<ModelSlot<OipModel>, "current" | "predict">;

/** The placeholders of `/v2/models/{model}` and `/v2/models/{model}/versions/{version}`. */
export type OipParameters = Readonly<Record<string, string>>;

/** @throws ApiError `MODEL_NOT_LOADED`, naming the version that is loaded */
export function assertServed(model: OipModel, { model: name, version }: OipParameters): void {
  const { reference } = model;
  const right = name === reference.name && (version ?? versionOf(model)) === versionOf(model);
  if (right) return;
  const wanted = version === undefined ? `"${name}"` : `"${name}" version "${version}"`;
  throw new ApiError("MODEL_NOT_LOADED", {
    detail: `${wanted} was asked for, "${reference.name}" version "${versionOf(model)}" is loaded.`,
  });
}

export function versionOf({ reference }: OipModel): string {
  return String(reference.version);
}

/** The version that serves at the start, for the examples of the description. */
export function documentedModel(model: OipModel): DocumentedModel {
  return { name: model.reference.name, version: versionOf(model), input: model.manifest.input };
}

import type { Answer } from "../../http/end-response.ts";
import type { Route } from "../../route.ts";
import { servedSlot, versionsFor, type OipModel, type OipModels } from "../oip/oip-model.ts";

/** `GET /v1/models`: the loaded versions that this caller may score with, the one that serves first. */
export function modelsRoute(models: OipModels): Route {
  return {
    method: "GET",
    path: "/v1/models",
    access: "score",
    cost: "one",
    async handle(exchange): Promise<Answer> {
      const served = servedSlot(models).current.model;
      const loaded = versionsFor(exchange, models).map((model) => describe(model, model === served));
      return { status: 200, contentType: "application/json", body: JSON.stringify({ models: loaded }) };
    },
  };
}

function describe(model: OipModel, serves: boolean): Readonly<Record<string, unknown>> {
  const { reference, featureSet, manifest, thresholds, placement, accelerator } = model;
  const { name, version, digest } = reference;
  const { review, decline } = thresholds;
  return {
    name,
    version,
    serves,
    digest,
    featureSet,
    features: manifest.features.map((feature) => feature.name),
    sequence: sequenceOf(model),
    thresholds: { review, decline },
    placement,
    accelerator: accelerator.provider,
  };
}

/** What its input has behind the features. */
function sequenceOf({ manifest }: OipModel): Readonly<Record<string, unknown>> | null {
  if (manifest.sequence === undefined) return null;
  const { name, slots, channels } = manifest.sequence;
  return { name, slots, channels };
}

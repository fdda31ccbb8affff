import { ModelRegistryError } from "@tollgate/model-registry";
import type { Predictor } from "@tollgate/scoring";
import { ApiError } from "./errors.ts";
import type { ModelChoice } from "./ports.ts";
import type { Exchange } from "./route.ts";

const header = "tollgate-model";

/** What the caller wrote, and the version that it means now. */
export interface ChosenModel {
  readonly reference: string;
  readonly predictor: Predictor;
}

/**
 * The version that the caller chose with Tollgate-Model; undefined for the one that serves everybody.
 * @throws ApiError `MISSING_SCOPE`, `INVALID_MODEL`, `MODEL_NOT_LOADED`
 */
export function chosenModel(exchange: Exchange, models: ModelChoice): ChosenModel | undefined {
  const asked = exchange.request.headers[header];
  if (asked === undefined) return undefined;
  exchange.require("models:choose");
  const reference = String(asked);
  const chosen = choose(models, reference);
  if (chosen === undefined)
    throw new ApiError("MODEL_NOT_LOADED", { detail: `"${reference}" was asked for.` });
  return { reference, predictor: chosen.predictor };
}

function choose(models: ModelChoice, reference: string): ReturnType<ModelChoice["choose"]> {
  try {
    return models.choose(reference);
  } catch (error) {
    if (error instanceof ModelRegistryError) throw new ApiError("INVALID_MODEL");
    throw error;
  }
}

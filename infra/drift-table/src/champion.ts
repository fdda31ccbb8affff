import { fileURLToPath } from "node:url";
import { loadModel, type ScoringModel } from "@tollgate/inference";
import { openModelRegistry } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";

const models = fileURLToPath(new URL("../../../packages/engagement-card-payments/models", import.meta.url));

/** The committed champion of the card-payments engagement, in this thread. */
export async function loadChampion(): Promise<ScoringModel> {
  const { manifest, modelBytes } = await openModelRegistry(models).resolve("card-payments@champion");
  return loadModel({ manifest, modelBytes, clock: systemClock(), logger: silentLogger() });
}

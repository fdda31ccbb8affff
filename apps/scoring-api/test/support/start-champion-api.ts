import { createModelSlot, loadModel } from "@tollgate/inference";
import { decodeGoldenRows, openModelRegistry, type ModelManifest } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { onTestFinished } from "vitest";
import { startApi } from "./start-api.ts";
import { testClock } from "./test-clock.ts";
import type { ModelQuestion } from "./python-client.ts";

const models = new URL("../../../../packages/engagement-card-payments/models", import.meta.url).pathname;
const goldenRows = 8;

export interface ChampionApi {
  readonly manifest: ModelManifest;
  /** The first golden rows, for whoever asks. */
  readonly question: ModelQuestion;
  /** What they score by the manifest. */
  readonly probabilities: readonly number[];
}

/** The API with the committed champion, and version 4 of the summing model beside it, until the test ends. */
export async function startChampionApi(): Promise<ChampionApi> {
  const clock = systemClock();
  const registry = openModelRegistry(models);
  onTestFinished(() => registry.close());
  const { manifest, modelBytes } = await registry.resolve("card-payments@champion");
  const scoring = await loadModel({ modelBytes, manifest, clock, logger: silentLogger() });
  const columns = Int32Array.from({ length: manifest.input.size }, (_, column) => column);
  const slot = createModelSlot({ model: { ...scoring, manifest, columns }, clock });
  onTestFinished(() => slot.close());
  const api = await startApi({ model: slot, clock: testClock(), beside: ["card-payments@v4"] });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const golden = decodeGoldenRows(manifest);
  const { size } = manifest.input;
  const rows = Array.from({ length: goldenRows }, (_, row) => [
    ...golden.vectors.subarray(row * size, (row + 1) * size),
  ]);
  return {
    manifest,
    question: { address: `127.0.0.1:${api.port}`, key: api.key, model: manifest.name, rows },
    probabilities: [...golden.probabilities.subarray(0, goldenRows)],
  };
}

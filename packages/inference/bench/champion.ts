import { readFile } from "node:fs/promises";
import { decodeGoldenRows, type GoldenRows, type ModelManifest } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { loadModel, type LoadModelOptions, type ScoringModel } from "../src/index.ts";

/** The committed champion of the card-payments engagement, with real rows to score. */
export interface Champion {
  readonly manifest: ModelManifest;
  readonly bytes: number;
  readonly golden: GoldenRows;
  load(options: Pick<LoadModelOptions, "placement">): Promise<ScoringModel>;
}

const folder = new URL("../../engagement-card-payments/models/card-payments/", import.meta.url);

export async function readChampion(): Promise<Champion> {
  const aliases = await readJson<{ champion: number }>(new URL("aliases.json", folder));
  const version = new URL(`v${aliases.champion}/`, folder);
  const manifest = await readJson<ModelManifest>(new URL("manifest.json", version));
  const modelBytes = new Uint8Array(await readFile(new URL(manifest.file, version)));
  const common = { modelBytes, manifest, clock: systemClock(), logger: silentLogger() };
  return {
    manifest,
    bytes: modelBytes.byteLength,
    golden: decodeGoldenRows(manifest),
    load: async (options) => loadModel({ ...common, ...options }),
  };
}

async function readJson<T>(url: URL): Promise<T> {
  return JSON.parse(await readFile(url, "utf8")) as T;
}

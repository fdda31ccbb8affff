import { readFile } from "node:fs/promises";
import type { ModelManifest } from "@tollgate/model-registry";

const folder = new URL("../../../engagement-card-payments/models/card-payments/", import.meta.url);

/** The committed champion: a real model of some hundred trees, with its own golden rows. */
export async function committedChampion(): Promise<{ manifest: ModelManifest; modelBytes: Uint8Array }> {
  const aliases = await readJson<{ champion: number }>(new URL("aliases.json", folder));
  const version = new URL(`v${aliases.champion}/`, folder);
  const manifest = await readJson<ModelManifest>(new URL("manifest.json", version));
  return { manifest, modelBytes: new Uint8Array(await readFile(new URL(manifest.file, version))) };
}

async function readJson<T>(url: URL): Promise<T> {
  return JSON.parse(await readFile(url, "utf8")) as T;
}

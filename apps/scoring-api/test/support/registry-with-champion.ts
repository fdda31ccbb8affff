import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModelRegistry, type ModelManifest, type ModelRegistry } from "@tollgate/model-registry";
import { onTestFinished } from "vitest";

export const modelName = "card-payments";

export type Published = Awaited<ReturnType<ModelRegistry["resolve"]>>;

/** A registry of this test's own that holds the engagement's champion as version 1. */
export async function registryWithChampion(): Promise<{
  readonly folder: string;
  readonly registry: ModelRegistry;
  readonly first: Published;
}> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-swap-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const models = new URL("../../../../packages/engagement-card-payments/models", import.meta.url).pathname;
  const { manifest, modelBytes } = await openModelRegistry(models).resolve(`${modelName}@champion`);
  const registry = openModelRegistry(folder);
  await registry.publish({ manifest: contentOf(manifest), modelBytes });
  await registry.setAlias(modelName, "champion", 1);
  return { folder, registry, first: await registry.resolve(`${modelName}@champion`) };
}

export function nextOf({ manifest, modelBytes }: Published): Parameters<ModelRegistry["publish"]>[0] {
  return { modelBytes, manifest: { ...contentOf(manifest), trainedAt: "2026-11-02T00:00:00Z" } };
}

/** What the registry does not add itself. */
export function contentOf(manifest: ModelManifest): Parameters<ModelRegistry["publish"]>[0]["manifest"] {
  const { schema: _schema, version: _version, file: _file, sha256: _digest, ...content } = manifest;
  return content;
}

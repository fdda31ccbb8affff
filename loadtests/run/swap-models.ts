import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Platform } from "@tollgate/demo";
import { openModelRegistry, type ModelRegistry } from "@tollgate/model-registry";
import type { Environment } from "@tollgate/runtime";
import type { Disturbance } from "./disturb.ts";
import { loadLimits } from "./limits.ts";

/** A registry of the run's own, between whose two versions the champion's alias moves. */
export interface SwapModels {
  /** For the apps: they serve from that registry and look at it often. */
  readonly settings: Environment;
  /** @param phase in which they are made; its times are those of the plan. */
  readonly swaps: (phase: {
    readonly fromSeconds: number;
    readonly seconds: number;
  }) => readonly Disturbance[];
}

const model = "card-payments";
const alias = "champion";

/** The engagement's champion, published twice under two version numbers. */
export async function prepareSwapModels(folder: string): Promise<SwapModels> {
  const entry = createRequire(import.meta.url).resolve("@tollgate/engagement-card-payments");
  const shipped = openModelRegistry(join(dirname(entry), "..", "models"));
  const champion = await shipped.resolve(`${model}@${alias}`);
  // Signed and not encrypted: what is under load is the swap.
  const registry = openModelRegistry(join(folder, "models"), { encryption: false });
  const { modelBytes } = champion;
  // What is the old version's own is left to the registry.
  const { schema: _schema, version: _version, file: _file, sha256: _sha256, ...manifest } = champion.manifest;
  await registry.publish({ modelBytes, manifest });
  // Another time of training makes another version: a swap really loads, verifies and warms it up.
  await registry.publish({ modelBytes, manifest: { ...manifest, trainedAt: new Date(0).toISOString() } });
  await registry.setAlias(model, alias, 1);
  return {
    settings: {
      TOLLGATE_MODEL_REGISTRY: join(folder, "models"),
      TOLLGATE_MODEL_WATCH_MS: String(loadLimits.modelWatchMs),
    },
    swaps: (phase) => swapsOf(registry, phase),
  };
}

function swapsOf(
  registry: ModelRegistry,
  { fromSeconds, seconds }: { readonly fromSeconds: number; readonly seconds: number },
): readonly Disturbance[] {
  const count = Math.floor((seconds - loadLimits.swapSettleSeconds) / loadLimits.swapEverySeconds);
  return Array.from({ length: Math.max(1, count) }, (_, index) => {
    const version = index % 2 === 0 ? 2 : 1;
    return {
      atSeconds: fromSeconds + (index + 1) * loadLimits.swapEverySeconds,
      text: `v${version}`,
      act: () => registry.setAlias(model, alias, version),
    };
  });
}

/** Swaps that the API has finished, and those that it refused, by its own count. */
export async function countSwaps(
  platform: Platform,
): Promise<{ readonly loaded: number; readonly refused: number }> {
  const response = await fetch(`${platform.probeUrls.api}/metrics`);
  const text = await response.text();
  const count = (result: string): number =>
    Number(
      new RegExp(`^tollgate_model_loads_total\\{result="${result}"\\} (\\d+)`, "mu").exec(text)?.[1] ?? 0,
    );
  return { loaded: count("loaded"), refused: count("refused") };
}

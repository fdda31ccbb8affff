import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loadRegistryConfig, openModelRegistry, type ModelManifest } from "@tollgate/model-registry";

/** How long reading, decrypting and verifying a new version holds the thread that serves at the longest. */
export interface ReadStall {
  readonly modelMiB: number;
  /** Of each read's longest stall the least: what other work on the machine adds is not its own. */
  readonly longestMs: number;
  /** The same over as long a time without a read. */
  readonly idleMs: number;
}

/** @param modelBytes the size of the model; its content does not matter to a registry. */
export async function measureReadStall(
  manifest: ModelManifest,
  options: { readonly modelBytes: number; readonly reads: number },
): Promise<ReadStall> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-read-stall-"));
  try {
    const config = loadRegistryConfig({ TOLLGATE_MODEL_KEYS: join(folder, "keys") });
    const registry = openModelRegistry(join(folder, "models"), { config, encryption: true });
    const { schema: _schema, version: _version, file: _file, sha256: _digest, ...content } = manifest;
    await registry.publish({ manifest: content, modelBytes: randomBytes(options.modelBytes) });
    const reading: number[] = [];
    const idle: number[] = [];
    // The first reads bring in code; that happens once, before anything is served.
    for (let count = -3; count < options.reads; count += 1) {
      let tookMs = 0;
      const stallMs = await longestStall(async () => {
        const startMs = performance.now();
        await registry.resolve(`${manifest.name}/1`);
        tookMs = performance.now() - startMs;
      });
      if (count < 0) continue;
      reading.push(stallMs);
      idle.push(await longestStall(() => pause(tookMs)));
    }
    const modelMiB = options.modelBytes / 2 ** 20;
    return { modelMiB, longestMs: Math.min(...reading), idleMs: Math.min(...idle) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The longest time between two turns of the event loop while the work is done. */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
  const state = { longestMs: 0, lastMs: performance.now(), on: true };
  const turn = (): void => {
    const nowMs = performance.now();
    state.longestMs = Math.max(state.longestMs, nowMs - state.lastMs);
    state.lastMs = nowMs;
    if (state.on) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  await pause(1);
  state.on = false;
  return state.longestMs;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVector } from "@tollgate/contracts";
import { onTestFinished } from "vitest";
import {
  loadRegistryConfig,
  openModelRegistry,
  type ModelRegistry,
  type ModelRegistryOptions,
  type NewModel,
  type RegistryConfig,
} from "../../src/index.ts";

/** A registry in a folder of its own with keys of its own, gone after the test. */
export interface TestRegistry {
  readonly folder: string;
  readonly config: RegistryConfig;
  readonly registry: ModelRegistry;
  /** The same registry as another process would open it, with other settings. */
  reopen(options: Partial<RegistryConfig> & Pick<ModelRegistryOptions, "encryption" | "warn">): ModelRegistry;
}

export async function openTestRegistry(settings: Partial<RegistryConfig> = {}): Promise<TestRegistry> {
  const parent = await temporaryFolder();
  const folder = join(parent, "registry");
  const keysFolder = join(parent, "keys");
  const config = { ...loadRegistryConfig({ TOLLGATE_MODEL_KEYS: keysFolder }), ...settings };
  return {
    folder,
    config,
    registry: openModelRegistry(folder, { config }),
    reopen({ encryption, warn, ...changes }) {
      return openModelRegistry(folder, {
        config: { ...config, ...changes },
        ...(encryption === undefined ? {} : { encryption }),
        ...(warn === undefined ? {} : { warn }),
      });
    },
  };
}

/** A folder that is gone after the test. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-registry-"));
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A model as a trainer would publish it; the bytes need not be ONNX for the registry. */
export function newModel(content = "model", name = "card-payments"): NewModel {
  return {
    modelBytes: new TextEncoder().encode(content),
    manifest: {
      name,
      featureSet: "00112233aabbccdd",
      features: [
        { name: "transaction:amount", fingerprint: "1111111111111111", unit: "EUR" },
        { name: "card@v1:count_1h", fingerprint: "2222222222222222", unit: "transactions" },
      ],
      input: { name: "features", size: 2 },
      output: { name: "probabilities" },
      thresholds: { review: 0.2, decline: 0.8 },
      goldenRows: [{ vector: encodeVector(Float32Array.of(1.5, 3)), probability: 0.25 }],
      trainedAt: "2026-11-01T00:00:00Z",
      trainedOn: { transactions: 1000, seed: 7 },
      metrics: { averagePrecision: 0.7, recallByPattern: { "stolen-card": 0.9 } },
    },
  };
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { ModelRegistryError } from "./errors.ts";
import { parseModelManifest, type ModelManifest } from "./model-manifest.ts";
import { readAliases, writeAliases } from "./model-aliases.ts";
import { isAlias, parseModelReference, type ModelSelector } from "./parse-model-reference.ts";
import { publishVersion } from "./publish-version.ts";
import { readModelFile } from "./read-model-file.ts";
import { modelRegistryLimits } from "./limits.ts";

/** A model version, verified: the bytes are those that the manifest describes. */
export interface ResolvedModel {
  readonly manifest: ModelManifest;
  readonly modelBytes: Uint8Array;
}

/** A model to publish; the registry adds version, file name and digest. */
export interface NewModel {
  readonly modelBytes: Uint8Array;
  readonly manifest: Omit<ModelManifest, "schema" | "version" | "file" | "sha256">;
}

/** Model versions in a folder: `<folder>/<name>/v<version>/{model.onnx,manifest.json}`. */
export interface ModelRegistry {
  /** Reads and verifies `name@champion`, `name@v3` or `name/3`. Throws {@link ModelRegistryError}. */
  resolve(reference: string): Promise<ResolvedModel>;
  /** Writes the next version, whole or not at all; a version is never written twice. */
  publish(model: NewModel): Promise<ModelManifest>;
  /** The version that the alias names, or undefined. */
  aliasOf(name: string, alias: string): Promise<number | undefined>;
  /** Points the alias to a version that is there and verified, in one step. One writer at a time. */
  setAlias(name: string, alias: string, version: number): Promise<void>;
}

/** Opens the registry in a folder, which is made by the first publish. */
export function openModelRegistry(folder: string): ModelRegistry {
  return {
    async resolve(reference) {
      const selector = parseModelReference(reference);
      const modelFolder = join(folder, selector.name);
      return readVersion({
        modelFolder,
        name: selector.name,
        version: await versionOf(modelFolder, selector),
      });
    },
    publish: async (model) => publishVersion(folder, model),
    aliasOf: async (name, alias) => (await readAliases(join(folder, name)))[alias],
    async setAlias(name, alias, version) {
      if (!isAlias(alias)) {
        const detail = `"${alias}" cannot be an alias: write small letters, digits and -, not v and a number`;
        throw new ModelRegistryError("MODEL_REFERENCE_INVALID", detail);
      }
      const selector = parseModelReference(`${name}/${version}`);
      const modelFolder = join(folder, selector.name);
      await readVersion({ modelFolder, name, version });
      await writeAliases(modelFolder, { ...(await readAliases(modelFolder)), [alias]: version });
    },
  };
}

async function versionOf(modelFolder: string, selector: ModelSelector): Promise<number> {
  if ("version" in selector) return selector.version;
  const aliases = await readAliases(modelFolder);
  const version = aliases[selector.alias];
  if (version !== undefined) return version;
  const known = Object.keys(aliases).join(", ") || "none";
  throw new ModelRegistryError(
    "MODEL_ALIAS_NOT_FOUND",
    `"${selector.name}" has no alias "${selector.alias}"; ${modelFolder} knows: ${known}`,
  );
}

async function readVersion(wanted: {
  readonly modelFolder: string;
  readonly name: string;
  readonly version: number;
}): Promise<ResolvedModel> {
  const versionFolder = join(wanted.modelFolder, `v${wanted.version}`);
  const path = join(versionFolder, "manifest.json");
  const text = await readModelFile(path, modelRegistryLimits.manifestBytes);
  const manifest = readManifest(path, text);
  if (manifest.name !== wanted.name || manifest.version !== wanted.version) {
    throw new ModelRegistryError(
      "MODEL_MANIFEST_INVALID",
      `${path} is of ${manifest.name}@v${manifest.version}, expected ${wanted.name}@v${wanted.version}`,
    );
  }
  const modelBytes = await readModelFile(join(versionFolder, manifest.file), modelRegistryLimits.modelBytes);
  assertDigest(manifest, modelBytes);
  return { manifest, modelBytes };
}

function readManifest(path: string, text: Uint8Array): ModelManifest {
  let input: unknown;
  try {
    input = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch (error) {
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `${path} is not JSON in UTF-8`, error);
  }
  const parsed = parseModelManifest(input);
  if (parsed.ok) return parsed.value;
  const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
  throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `${path}: ${faults}`);
}

function assertDigest(manifest: ModelManifest, modelBytes: Uint8Array): void {
  const digest = createHash("sha256").update(modelBytes).digest("hex");
  if (digest === manifest.sha256) return;
  throw new ModelRegistryError(
    "MODEL_DIGEST_DIFFERS",
    `${manifest.name}@v${manifest.version}: the manifest says sha256 ${manifest.sha256}, ` +
      `the file has ${digest}`,
  );
}

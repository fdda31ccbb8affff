import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ModelRegistryError } from "./errors.ts";
import { modelRegistryLimits } from "./limits.ts";
import { parseModelManifest, type ModelManifest } from "./model-manifest.ts";
import type { NewModel } from "./open-model-registry.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** Writes the next version beside the others, then gives it its name in one rename. */
export async function publishVersion(registryFolder: string, model: NewModel): Promise<ModelManifest> {
  // Checked before anything is written: the name becomes a folder.
  completeManifest(model, 1);
  const modelFolder = join(registryFolder, model.manifest.name);
  await mkdir(modelFolder, { recursive: true });
  for (let attempt = 0; attempt < modelRegistryLimits.publishAttempts; attempt += 1) {
    const manifest = completeManifest(model, (await newestVersion(modelFolder)) + 1);
    if (await writeVersion(modelFolder, { manifest, modelBytes: model.modelBytes })) return manifest;
  }
  throw new ModelRegistryError("MODEL_PUBLISH_CONFLICT", `${modelFolder} is written to by others`);
}

function completeManifest(model: NewModel, version: number): ModelManifest {
  const { name, ...rest } = model.manifest;
  const sha256 = createHash("sha256").update(model.modelBytes).digest("hex");
  const input = { schema: "tollgate.model.v1", name, version, file: "model.onnx", sha256, ...rest };
  const parsed = parseModelManifest(input);
  if (parsed.ok) return parsed.value;
  const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
  throw new ModelRegistryError("MODEL_MANIFEST_INVALID", `not published: ${faults}`);
}

async function newestVersion(modelFolder: string): Promise<number> {
  const names = await readdir(modelFolder);
  return names.reduce((newest, name) => {
    const digits = /^v([1-9]\d*)$/u.exec(name)?.[1];
    return digits === undefined ? newest : Math.max(newest, Number(digits));
  }, 0);
}

/** False when another publisher has taken the version meanwhile. */
async function writeVersion(
  modelFolder: string,
  version: { readonly manifest: ModelManifest; readonly modelBytes: Uint8Array },
): Promise<boolean> {
  const temporary = await mkdtemp(join(modelFolder, ".publishing-"));
  try {
    await writeFileDurably(join(temporary, version.manifest.file), version.modelBytes);
    await writeFileDurably(
      join(temporary, "manifest.json"),
      `${JSON.stringify(version.manifest, undefined, 2)}\n`,
    );
    // mkdtemp gives the folder to its maker alone; the processes that serve it may be other users.
    await chmod(temporary, 0o755);
    await rename(temporary, join(modelFolder, `v${version.manifest.version}`));
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

import { chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ModelRegistryError } from "./errors.ts";
import { modelNamePattern } from "./model-manifest.ts";
import { readModelFile } from "./read-model-file.ts";
import type { VersionPlace, VersionStore } from "./version-store.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** Versions in a folder: `<folder>/<name>/v<version>/`. The folder is made by the first version. */
export function directoryStore(folder: string): VersionStore {
  const pathOf = ({ name, version }: VersionPlace): string => join(folder, name, `v${version}`);
  return {
    location: folder,
    models: async () => (await namesIn(folder)).filter((name) => modelNamePattern.test(name)).toSorted(),
    async versions(name) {
      const names = await namesIn(join(folder, name));
      const digits = names.flatMap((entry) => /^v([1-9]\d{0,8})$/u.exec(entry)?.[1] ?? []);
      return digits.map(Number).toSorted((left, right) => left - right);
    },
    async entries(place) {
      const path = pathOf(place);
      const found = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
        throw new ModelRegistryError("MODEL_NOT_FOUND", `${path} cannot be read`, error);
      });
      return found.map((entry) => ({ name: entry.name, regular: entry.isFile() }));
    },
    read: async (place, file, maxBytes) => readModelFile(join(pathOf(place), file), maxBytes),
    create: async (place, files) => createFolder(join(folder, place.name), pathOf(place), files),
    replace: async (place, file, content) =>
      replaceFile(join(folder, place.name), join(pathOf(place), file), content),
  };
}

/** Writes beside the versions and gives the name in one rename; false when another has taken it meanwhile. */
async function createFolder(
  modelFolder: string,
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<boolean> {
  await mkdir(modelFolder, { recursive: true });
  const temporary = await mkdtemp(join(modelFolder, ".publishing-"));
  try {
    for (const [file, content] of files) await writeFileDurably(join(temporary, file), content);
    // mkdtemp gives the folder to its maker alone; the processes that serve it may be other users.
    await chmod(temporary, 0o755);
    await rename(temporary, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function replaceFile(modelFolder: string, path: string, content: Uint8Array): Promise<void> {
  const temporary = await mkdtemp(join(modelFolder, ".replacing-"));
  try {
    await writeFileDurably(join(temporary, "file"), content);
    await rename(join(temporary, "file"), path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

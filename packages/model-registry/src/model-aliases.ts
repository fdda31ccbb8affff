import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ModelRegistryError } from "./errors.ts";
import { writeFileDurably } from "./write-file-durably.ts";

/** Alias → version, as `aliases.json` holds it. */
export type ModelAliases = Readonly<Record<string, number>>;

const aliasesSchema = z.record(z.string(), z.int().min(1));

/** The aliases of a model; none when it has no `aliases.json`. */
export async function readAliases(modelFolder: string): Promise<ModelAliases> {
  const path = join(modelFolder, "aliases.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    return aliasesSchema.parse(JSON.parse(text));
  } catch (error) {
    const detail = `${path} must be a JSON object of alias and version, such as {"champion": 1}`;
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail, error);
  }
}

/** Replaces `aliases.json` in one step: a reader sees the old one or the new one. */
export async function writeAliases(modelFolder: string, aliases: ModelAliases): Promise<void> {
  const temporary = await mkdtemp(join(modelFolder, ".aliases-"));
  try {
    const path = join(temporary, "aliases.json");
    await writeFileDurably(path, `${JSON.stringify(aliases, undefined, 2)}\n`);
    await rename(path, join(modelFolder, "aliases.json"));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

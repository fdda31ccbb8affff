import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { modelCardFiles, type ModelRegistry } from "@tollgate/model-registry";
import { succeeded, type CommandResult } from "./command-result.ts";
import { ModelsError } from "./models-error.ts";
import type { ModelsOptions } from "./options.ts";

/** Writes the card that the version carries, or makes it from its manifest and evaluation. */
export async function writeModelCard(
  registry: ModelRegistry,
  options: ModelsOptions,
): Promise<CommandResult> {
  const [reference = ""] = options.operands;
  if (options.out === undefined) throw new ModelsError("card needs --out FOLDER");
  const { manifest, files } = await registry.resolve(reference);
  const made = modelCardFiles(manifest, files.get("evaluation.json"));
  const folder = resolve(options.out);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [file, content] of made) {
    const path = join(folder, file);
    await writeFile(path, files.get(file) ?? content);
    paths.push(path);
  }
  return succeeded(
    paths.map((path) => `written: ${path}`),
    paths,
  );
}

import { open } from "node:fs/promises";
import { ModelRegistryError } from "./errors.ts";

/** Reads a file of the registry. Throws MODEL_NOT_FOUND, or MODEL_MANIFEST_INVALID when it is too long. */
export async function readModelFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: unknown) => {
    throw new ModelRegistryError("MODEL_NOT_FOUND", `${path} cannot be read`, error);
  });
  try {
    const { size } = await file.stat();
    if (size > maxBytes) {
      const detail = `${path} has ${size} bytes, more than the limit of ${maxBytes}`;
      throw new ModelRegistryError("MODEL_MANIFEST_INVALID", detail);
    }
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

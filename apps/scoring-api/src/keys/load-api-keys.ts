import { readFile } from "node:fs/promises";
import { ConfigError } from "@tollgate/runtime";
import type { KeySource } from "../config.ts";
import { parseApiKeys, type ApiKeyEntry } from "./api-key.ts";

/** Reads the keys from where the configuration says. @throws ConfigError naming every fault, never a key */
export async function loadApiKeys(source: KeySource): Promise<readonly ApiKeyEntry[] | "off"> {
  switch (source.from) {
    case "off":
      return "off";
    case "environment":
      return parsed("TOLLGATE_API_KEYS", source.text);
    case "file":
      return parsed(source.path, await textOf(source.path));
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`TOLLGATE_API_KEYS_FILE is "${path}": it cannot be read (${code})`]);
  }
}

function parsed(name: string, text: string): readonly ApiKeyEntry[] {
  const keys = parseApiKeys(text);
  if (keys.ok) return keys.value;
  throw new ConfigError(keys.faults.map(({ path, message }) => `${name}${path} ${message}`));
}

import { join } from "node:path";
import {
  createLocalKeys,
  loadRegistryConfig,
  openModelRegistry,
  registryLocation,
  type ModelRegistry,
} from "@tollgate/model-registry";
import type { Environment } from "@tollgate/runtime";
import { loadEngagement } from "@tollgate/scoring";
import { writeModelCard } from "./card-command.ts";
import { succeeded, type CommandResult } from "./command-result.ts";
import { loadConfig } from "./config.ts";
import { giveRole, setAlias, setTag, showAliases, showHistory, whoDecidedAt } from "./history-commands.ts";
import type { ModelsOptions } from "./options.ts";
import { listModels, publishFiles, showVersion, verifyRegistry } from "./version-commands.ts";

/** Does what the command line says with the registry that it, or the environment, names. */
export async function runCommand(options: ModelsOptions, environment: Environment): Promise<CommandResult> {
  const settings = loadRegistryConfig(environment);
  // Who acts is also who reads.
  const config = { ...settings, identity: options.who ?? settings.identity };
  if (options.command === "keys create") return createKeys(config.keysFolder);
  const folder = await registryFolder(options, environment);
  const registry = openModelRegistry(folder, { config, ...(options.plain ? { encryption: false } : {}) });
  try {
    return await runWith(registry, options);
  } finally {
    await registry.close();
  }
}

async function runWith(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [first = ""] = options.operands;
  switch (options.command) {
    case "show":
      return showVersion(registry, first);
    case "verify":
      return verifyRegistry(registry, options);
    case "publish":
      return publishFiles(registry, options);
    case "sign":
      return signVersion(registry, first);
    case "card":
      return writeModelCard(registry, options);
    case "alias set":
      return setAlias(registry, options);
    case "alias show":
      return showAliases(registry, first);
    case "alias history":
      return showHistory(registry, options.operands[0]);
    case "who-decided-at":
      return whoDecidedAt(registry, options);
    case "tag":
      return setTag(registry, options);
    case "role":
      return giveRole(registry, options);
    case "record":
      return recordVersion(registry, options);
    default:
      return listModels(registry);
  }
}

async function registryFolder(options: ModelsOptions, environment: Environment): Promise<string> {
  const config = loadConfig(environment);
  const named = options.registry ?? config.registryFolder;
  if (named !== undefined) return registryLocation(named);
  return (await loadEngagement(config.engagement)).modelsFolder;
}

async function createKeys(folder: string): Promise<CommandResult> {
  await createLocalKeys(folder);
  const publicKey = join(folder, "signing.pub.pem");
  const lines = [
    `keys in ${folder}; nothing that was there is replaced`,
    `give ${publicKey} to whoever is to trust what you sign (TOLLGATE_MODEL_TRUST)`,
    "keep both private ones to yourself, and a copy of encryption.key: what it encrypted needs it",
  ];
  return succeeded(lines, { folder, publicKey });
}

async function signVersion(registry: ModelRegistry, reference: string): Promise<CommandResult> {
  const digest = await registry.sign(reference);
  return succeeded([`signed: ${reference}, root digest ${digest}`], { reference, digest });
}

async function recordVersion(registry: ModelRegistry, options: ModelsOptions): Promise<CommandResult> {
  const [reference = ""] = options.operands;
  const { who, why } = options;
  const link = await registry.record(reference, { who, why });
  const line =
    link === undefined ? "publications are not kept in files" : `recorded as link ${link.sequence}`;
  return succeeded([line], link ?? null);
}

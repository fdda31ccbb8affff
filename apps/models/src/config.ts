import { configReader, type Environment } from "@tollgate/runtime";

export interface ModelsConfig {
  /** Folder of the model registry; undefined for the one that the engagement carries. */
  readonly registryFolder: string | undefined;
  readonly engagement: string;
}

/** The settings that the command shares with the services; the registry reads its own. */
export function loadConfig(environment: Environment): ModelsConfig {
  const reader = configReader(environment);
  const config = {
    registryFolder: reader.optional("TOLLGATE_MODEL_REGISTRY"),
    engagement: reader.string("TOLLGATE_ENGAGEMENT", "@tollgate/engagement-card-payments"),
  };
  reader.finish();
  return config;
}

export function processEnvironment(): Environment {
  return process.env;
}

import { configReader, type Environment } from "./config-reader.ts";
import type { LogLevel } from "./log-events.ts";

/** What every process takes from its environment before its own settings. */
export interface RuntimeConfig {
  readonly logLevel: LogLevel;
}

/** @throws ConfigError naming every fault */
export function loadRuntimeConfig(environment: Environment): RuntimeConfig {
  const read = configReader(environment);
  const values = ["debug", "info", "warn", "error"] as const;
  const config = { logLevel: read.oneOf("TOLLGATE_LOG_LEVEL", { default: "info", values }) };
  read.finish();
  return config;
}

/** The one place where this package looks at its process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}

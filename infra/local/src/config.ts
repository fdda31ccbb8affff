import type { Environment } from "@tollgate/runtime";
import { configReader } from "@tollgate/runtime";

import type { ServiceName } from "./service-name.ts";
import { serviceNames, urlVariables } from "./service-name.ts";

/** What the local stack reads from the environment. */
export interface LocalStackConfig {
  /** Services that run elsewhere, by name. */
  readonly externalUrls: Readonly<Partial<Record<ServiceName, string>>>;
  /** The folders searched for binaries. */
  readonly searchPath: string;
}

/** Reads the settings of the stack; an unset variable means that the stack provides the service itself. */
export function loadConfig(environment: Environment): LocalStackConfig {
  const reader = configReader(environment);
  const externalUrls: Partial<Record<ServiceName, string>> = {};
  for (const name of serviceNames) {
    const url = reader.optional(urlVariables[name]);
    if (url !== undefined) externalUrls[name] = url;
  }
  const searchPath = reader.string("PATH", "/usr/local/bin:/usr/bin:/bin");
  reader.finish();
  return { externalUrls, searchPath };
}

/** The environment of this process, for a main to pass on. */
export function processEnvironment(): Environment {
  return process.env;
}

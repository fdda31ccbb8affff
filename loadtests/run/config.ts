import type { Environment } from "@tollgate/runtime";

/** The environment of this process: PATH, HOME, and URLs of services that run elsewhere. */
export function processEnvironment(): Environment {
  return process.env;
}

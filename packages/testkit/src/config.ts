import type { Environment } from "@tollgate/runtime";
import { configReader } from "@tollgate/runtime";

/** The environment of the test run: URLs of external services, PATH. */
export function testEnvironment(): Environment {
  return process.env;
}

/** TOLLGATE_TEST_SEED, to repeat a run that failed; undefined draws a new seed. */
export function seedSetting(environment: Environment): number | undefined {
  const reader = configReader(environment);
  if (reader.optional("TOLLGATE_TEST_SEED") === undefined) return undefined;
  const seed = reader.integer("TOLLGATE_TEST_SEED", { min: 0, max: 2 ** 32 - 1 });
  reader.finish();
  return seed;
}

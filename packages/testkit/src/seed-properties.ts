import { seedSetting, testEnvironment } from "./config.ts";

/**
 * A setup file of vitest: with TOLLGATE_TEST_SEED fast-check draws from that seed, as `seededRandom` does.
 * CI sets it, so that a gate judges the change and not the draw; every other run draws anew.
 */
const seed = seedSetting(testEnvironment());
if (seed !== undefined) {
  // Loaded only here: it costs every test file 0.1 s.
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: seed | 0 });
}

import { defineConfig, type ViteUserConfig } from "vitest/config";

const integrationTests = "{apps,packages,infra,dashboards,loadtests}/**/test/**/*.integration.test.ts";
const setupFiles = ["packages/testkit/src/seed-properties.ts"];
const notOurs = ["**/node_modules/**", "**/.venv/**", ".local/**"];

const config: ViteUserConfig = defineConfig({
  test: {
    allowOnly: false,
    clearMocks: true,
    // The reference machine has two cores; more workers only slow each other down.
    maxWorkers: 2,
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{apps,packages,infra,dashboards,loadtests}/**/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...notOurs, integrationTests],
          setupFiles,
          // Some write to disk and wait for it, which a busy machine lets them do for seconds.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: [integrationTests],
          exclude: notOurs,
          setupFiles,
          globalSetup: ["packages/testkit/src/global-setup.ts"],
          // They share one Kafka, Redis and PostgreSQL and measure time: one file after the other.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

export default config;

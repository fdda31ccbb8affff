import {
  progressLine,
  StackBusyError,
  startStack,
  type RunningStack,
  type ServiceName,
} from "@tollgate/local-stack";
import type { TestProject } from "vitest/node";

import { testEnvironment } from "./config.ts";
import { parallelRuns } from "./limits.ts";
import type { ProvidedServices } from "./provided-services.ts";

const testServices: readonly ServiceName[] = ["kafka", "redis", "postgres"];

/** Vitest calls it once, before the first integration test, and what it returns after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startTestStack();
  const services: ProvidedServices = {
    kafkaBrokers: stack.service("kafka").url,
    redisUrl: stack.service("redis").url,
    postgresUrl: stack.service("postgres").url,
  };
  project.provide("tollgateServices", services);
  return () => stack.stop();
}

/** Two runs in one checkout at the same time do not share: the second one takes the next name. */
async function startTestStack(): Promise<RunningStack> {
  for (let run = 1; ; run += 1) {
    try {
      return await startStack({
        name: run === 1 ? "test" : `test-${run}`,
        services: testServices,
        environment: testEnvironment(),
        lifetime: "owned",
        freshData: true,
        durable: false,
        ports: "any",
        onProgress: (progress) => process.stderr.write(`${progressLine(progress)}\n`),
      });
    } catch (error) {
      if (!(error instanceof StackBusyError) || run >= parallelRuns) throw error;
    }
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { processEnvironment } from "../src/config.ts";
import { stackFolder } from "../src/folders.ts";
import { identifyProcess, isAlive } from "../src/process-identity.ts";
import { serviceDefinitions } from "../src/service-definitions.ts";
import { stackStatus } from "../src/stack-status.ts";
import { startStack, type RunningStack, type StartStackOptions } from "../src/start-stack.ts";
import { isGoneWithin } from "../src/stop-process.ts";
import { stopStack } from "../src/stop-stack.ts";

/** The services' own stop limit and some more. */
const goneLimitMs = 20_000;

/** Only the search path: services that the environment names by URL could not be killed. */
const environment = { PATH: processEnvironment()["PATH"] };

let names = 0;

function uniqueName(): string {
  names += 1;
  const name = `check-${process.pid}-${names}`;
  onTestFinished(() => rmSync(stackFolder(name), { recursive: true, force: true }));
  return name;
}

async function start(name: string, options: Partial<StartStackOptions> = {}): Promise<RunningStack> {
  const stack = await startStack({
    name,
    services: ["redis"],
    environment,
    lifetime: "owned",
    durable: false,
    ports: "any",
    ...options,
  });
  onTestFinished(() => stack.stop());
  return stack;
}

async function launch(
  ...args: readonly string[]
): Promise<{ launcher: ChildProcess; pids: readonly number[] }> {
  const path = fileURLToPath(new URL("./support/launcher.ts", import.meta.url));
  const launcher = spawn(process.execPath, [path, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await launcher.stdout.take(1).toArray();
  return { launcher, pids: JSON.parse(String(line)) as readonly number[] };
}

test("kill -9 of the launcher leaves no Kafka, Redis or PostgreSQL behind", async () => {
  const name = uniqueName();
  const { launcher, pids } = await launch(name, "kafka", "redis", "postgres");
  const services = pids.flatMap((pid) => identifyProcess(pid) ?? []);
  expect(services).toHaveLength(3);
  launcher.kill("SIGKILL");
  for (const service of services) expect(await isGoneWithin(service, goneLimitMs)).toBe(true);
});

test("data outlives stop and start of the same stack", async () => {
  const name = uniqueName();
  const first = await start(name, { services: ["postgres"] });
  await query(first.service("postgres").url, "create table kept as select 7 as value");
  await first.stop();
  const second = await start(name, { services: ["postgres"] });
  expect(await query(second.service("postgres").url, "select value from kept")).toEqual([{ value: 7 }]);
});

test("a service that was killed starts again on the same port and data", async () => {
  const stack = await start(uniqueName(), { services: ["kafka"] });
  const kafka = stack.service("kafka");
  await kafka.stop("SIGKILL");
  expect(kafka.alive()).toBe(false);
  await expect(serviceDefinitions.kafka.answers(kafka.url)).rejects.toThrow("ECONNREFUSED");
  await kafka.start();
  await serviceDefinitions.kafka.answers(kafka.url);
});

test("a stack whose launcher runs is refused to a second one, by name", async () => {
  const name = uniqueName();
  await start(name);
  await expect(start(name)).rejects.toThrow(`the stack "${name}" is already in use (process ${process.pid})`);
});

test("a kept stack is reused by the next start and ended by stop", async () => {
  const name = uniqueName();
  const first = await startStack({ name, services: ["redis"], environment, lifetime: "kept", ports: "any" });
  onTestFinished(async () => {
    await stopStack(name, { deleteData: true });
  });
  const second = await startStack({ name, services: ["redis"], environment, lifetime: "kept", ports: "any" });
  expect(second.service("redis").pid()).toBe(first.service("redis").pid());
  expect(await stackStatus(name)).toMatchObject([{ service: "redis", state: "ready" }]);
  const redis = identifyProcess(first.service("redis").pid() ?? 0);
  await stopStack(name, { deleteData: true });
  expect(redis !== undefined && isAlive(redis)).toBe(false);
  expect(await stackStatus(name)).toEqual([]);
});

test("an external service is used and left running", async () => {
  const owner = await start(uniqueName());
  const { url } = owner.service("redis");
  const user = await start(uniqueName(), { environment: { ...environment, TOLLGATE_REDIS_URL: url } });
  expect(user.service("redis")).toMatchObject({ url, source: "external" });
  await user.stop();
  const redis = new Redis(url);
  expect(await redis.ping()).toBe("PONG");
  await redis.quit();
});

test("an external service that does not answer is named with its variable", async () => {
  const url = "redis://127.0.0.1:1";
  const options = { environment: { ...environment, TOLLGATE_REDIS_URL: url } };
  await expect(start(uniqueName(), options)).rejects.toThrow(`TOLLGATE_REDIS_URL names ${url}`);
});

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

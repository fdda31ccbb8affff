import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { choosePort, startStack } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { processEnvironment } from "../src/config.ts";
import { createApiKey } from "../src/keys/api-key.ts";
import type { LoadOrder, LoadResult } from "./load-protocol.ts";

export interface ServerSide {
  readonly port: number;
  readonly pid: number;
}

/** Both servers and the client, each in its own process, on a Redis and a Kafka of their own. */
export interface Sides extends AsyncDisposable {
  readonly empty: ServerSide;
  readonly api: ServerSide;
  readonly apiKey: string;
  /** Process ids of Redis and Kafka. */
  readonly services: readonly number[];
  load(order: LoadOrder): Promise<LoadResult>;
}

const readyLimitMs = 60_000;

/** @param environment settings of the API beside the defaults; `nodeOptions` for its Node. */
export async function startSides(
  environment: Environment = {},
  nodeOptions: readonly string[] = [],
): Promise<Sides> {
  const own = processEnvironment();
  const stack = await startStack({
    name: `bench-scoring-${process.pid}`,
    services: ["kafka", "redis"],
    environment: { PATH: own["PATH"], HOME: own["HOME"], JAVA_HOME: own["JAVA_HOME"] },
    lifetime: "owned",
    freshData: true,
    durable: false,
    ports: "any",
  });
  const outbox = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  const children: ChildProcess[] = [];
  const scopes = ["score", "metrics:read"] as const;
  const { key, entry } = createApiKey({ id: "bench", scopes, ratePerSecond: 1_000_000, burst: 1_000_000 });
  const start = (file: string, settings: Environment, options: readonly string[] = []): ChildProcess => {
    const path = new URL(file, import.meta.url).pathname;
    const child = spawn(process.execPath, [...options, path], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: own["PATH"], HOME: own["HOME"], ...settings },
    });
    children.push(child);
    return child;
  };
  const empty = start("empty-server.ts", {});
  const emptyPort = Number(await firstLine(empty));
  const { port: apiPort } = await choosePort({ taken: new Set([emptyPort]) });
  const settings = {
    TOLLGATE_KAFKA_BROKERS: stack.service("kafka").url,
    TOLLGATE_REDIS_URL: stack.service("redis").url,
    TOLLGATE_API_KEYS: JSON.stringify([entry]),
    TOLLGATE_API_HTTP_PORT: String(apiPort),
    TOLLGATE_OUTBOX_FOLDER: outbox,
    ...environment,
  };
  const api = start("../src/main.ts", settings, nodeOptions);
  api.stdout?.resume();
  await untilReady(`http://127.0.0.1:${apiPort}/readyz`);
  const client = start("load-client.ts", {});
  const answers = createInterface({ input: client.stdout ?? process.stdin })[Symbol.asyncIterator]();
  return {
    empty: { port: emptyPort, pid: empty.pid ?? 0 },
    api: { port: apiPort, pid: api.pid ?? 0 },
    apiKey: key,
    services: stack.services.flatMap((service) => service.pid() ?? []),
    async load(order) {
      client.stdin?.write(`${JSON.stringify(order)}\n`);
      const { value } = await answers.next();
      return JSON.parse(value ?? "") as LoadResult;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children.toReversed()) await ended(child);
      await stack.stop();
      rmSync(outbox, { recursive: true, force: true });
      rmSync(stack.folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) return line;
  throw new Error("it ended before it said its port");
}

async function untilReady(url: string): Promise<void> {
  const endMs = performance.now() + readyLimitMs;
  for (;;) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > endMs) throw new Error(`${url} was not ready within ${readyLimitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

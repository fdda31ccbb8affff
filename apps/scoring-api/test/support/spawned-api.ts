import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { scopes } from "../../src/keys/api-key.ts";
import type { Environment } from "@tollgate/runtime";
import { freePort, spawnApp, until, type SpawnedApp } from "@tollgate/testkit";
import { onTestFinished } from "vitest";

/** The API in a process of its own, on real services. */
export interface SpawnedApi {
  readonly url: string;
  readonly app: SpawnedApp;
  /** The header with a key of every scope. */
  readonly authorization: { readonly authorization: string };
  /** `POST /v1/score` with so much time that only a fault makes the answer degraded. */
  score(payment: CardPayment, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Any other request, with the key. */
  ask(path: string, init: { readonly method: "POST"; readonly body: string }): Promise<Response>;
  metrics(): Promise<string>;
}

export interface SpawnedApiServices {
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
}

/** Starts it, waits until it is ready, and stops it after the test. */
export async function spawnApi(
  services: SpawnedApiServices,
  environment: Environment = {},
): Promise<SpawnedApi> {
  const outbox = mkdtempSync(join(tmpdir(), "tollgate-api-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const key = `key-of-${services.prefix}`;
  const app = await spawnApp({
    entry: new URL("../../src/main.ts", import.meta.url).pathname,
    environment: {
      TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: services.redisUrl,
      TOLLGATE_REDIS_PREFIX: services.prefix,
      TOLLGATE_TOPIC_PREFIX: services.prefix,
      TOLLGATE_API_KEYS: JSON.stringify([keyEntry(key)]),
      TOLLGATE_API_HTTP_PORT: String(port),
      TOLLGATE_OUTBOX_FOLDER: outbox,
      ...environment,
    },
  });
  onTestFinished(async () => {
    await app.stop();
    rmSync(outbox, { recursive: true, force: true });
  });
  await until(async () => (await fetch(`${url}/readyz`)).ok || !app.alive(), {
    describe: "the API to be ready",
    deadlineMs: 150_000,
  });
  if (!app.alive()) throw new Error(`the API ended before it was ready: ${app.logs()}`);
  return {
    url,
    app,
    authorization: { authorization: `Bearer ${key}` },
    ask: (path, init) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      return fetch(`${url}${path}`, { ...init, headers });
    },
    score: (payment, headers = {}) =>
      fetch(`${url}/v1/score`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "tollgate-deadline-ms": "5000",
          ...headers,
        },
        body: JSON.stringify(engagement.transaction.toWire(payment)),
      }),
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
  };
}

/** Payments of a seeded simulation, one after the other, with ids of this test's own. */
export function paymentStream(prefix: string, seed: number): () => CardPayment {
  const startMs = Date.now() - 40 * 86_400_000;
  const stream = engagement.simulate({ seed, idPrefix: prefix, startMs, customers: 2_000 });
  const payments = stream[Symbol.iterator]();
  return () => {
    const next = payments.next();
    if (next.done === true) throw new Error("the simulation ended");
    return next.value.transaction;
  };
}

function keyEntry(key: string): Readonly<Record<string, unknown>> {
  const sha256 = createHash("sha256").update(key).digest("hex");
  return { id: "test", sha256, scopes, ratePerSecond: 100_000, burst: 100_000 };
}

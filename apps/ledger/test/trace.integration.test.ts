import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engagement } from "@tollgate/engagement-card-payments";
import type { Environment } from "@tollgate/runtime";
import { freePort, spawnApp, until } from "@tollgate/testkit";
import { expect, onTestFinished } from "vitest";
import { ledgerTest as test } from "./ledger-test.ts";
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from "./otlp-receiver.ts";

const steps = ["validate", "recall", "compute", "predict", "decide", "remember", "record"];
const callerSpan = "b7ad6b7169203331";

test("one trace leads from the HTTP request through Kafka to the ledger's archive", async ({
  kafkaBrokers,
  redisUrl,
  redis,
  prefix,
  topics,
  startLedger,
}) => {
  await redis.ping();
  await using receiver = await startOtlpReceiver();
  const environment = tracing(receiver);
  await startLedger(environment);
  const port = await freePort();
  const services = { kafkaBrokers, redisUrl, prefix };
  await startApi(services, { ...environment, TOLLGATE_API_HTTP_PORT: String(port) });
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const response = await score(port, `${prefix}http`, `00-${traceId}-${callerSpan}-01`);
  expect(response.status).toBe(200);
  const spans = await wholeTrace(receiver, traceId, ["in", ...steps, "archive"]);
  expectLinked(spans, "scoring-api");
  expect(topics.decisions).toContain(prefix);
});

test("the same from a record of Kafka", async ({
  kafkaBrokers,
  redisUrl,
  redis,
  prefix,
  topics,
  send,
  startLedger,
}) => {
  await redis.ping();
  await using receiver = await startOtlpReceiver();
  const environment = tracing(receiver);
  await startLedger(environment);
  await startConsumer({ kafkaBrokers, redisUrl, prefix }, environment);
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const headers = { traceparent: `00-${traceId}-${callerSpan}-01` };
  const wire = payment(`${prefix}kafka`);
  await send(topics.transactions, [{ key: String(wire["cardId"]), value: JSON.stringify(wire), headers }]);
  const spans = await wholeTrace(receiver, traceId, ["in", ...steps, "archive"]);
  expectLinked(spans, "transaction-consumer");
});

/** Nothing is kept but what the caller has chosen, failed or was declined: slow is what takes ten minutes. */
function tracing({ url }: OtlpReceiver): Environment {
  return { TOLLGATE_TRACES_URL: url, TOLLGATE_TRACES_PER_MILLION: "0", TOLLGATE_TRACES_SLOW_MS: "600000" };
}

async function wholeTrace(
  { spans }: OtlpReceiver,
  traceId: string,
  names: readonly string[],
): Promise<readonly ReceivedSpan[]> {
  const ofTrace = (): readonly ReceivedSpan[] => spans.filter((span) => span.traceId === traceId);
  await until(() => names.every((name) => ofTrace().some((span) => span.name === name)), {
    describe: `spans ${names.join(", ")}`,
    deadlineMs: 120_000,
  });
  const found = ofTrace();
  expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  return found;
}

function expectLinked(spans: readonly ReceivedSpan[], service: string): void {
  const span = (name: string): ReceivedSpan | undefined => spans.find((one) => one.name === name);
  expect(span("in")?.parentSpanId).toBe(callerSpan);
  const parents = steps.map((name) => [name, span(name)?.parentSpanId]);
  expect(parents).toEqual(steps.map((name) => [name, span("in")?.spanId]));
  expect(span("archive")?.parentSpanId).toBe(span("record")?.spanId);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  expect(new Set(["in", ...steps].map((name) => span(name)?.service))).toEqual(new Set([service]));
  expect(span("archive")?.service).toBe("ledger");
}

interface Services {
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
}

async function startApi(services: Services, environment: Environment): Promise<void> {
  const sha256 = createHash("sha256").update(services.prefix).digest("hex");
  const keys = [{ id: "test", sha256, scopes: ["score"], ratePerSecond: 1_000, burst: 1_000 }];
  const entry = fileURLToPath(new URL("../../scoring-api/src/main.ts", import.meta.url));
  const settings = { ...environment, TOLLGATE_API_KEYS: JSON.stringify(keys) };
  await startScoringApp({ entry, services, environment: settings });
  const readyUrl = `http://127.0.0.1:${environment["TOLLGATE_API_HTTP_PORT"]}/readyz`;
  const isReady = async (): Promise<boolean> => (await fetch(readyUrl)).ok;
  await until(() => isReady().catch(() => false), { describe: "a ready API", deadlineMs: 120_000 });
}

async function startConsumer(services: Services, environment: Environment): Promise<void> {
  const entry = fileURLToPath(new URL("../../transaction-consumer/src/main.ts", import.meta.url));
  const settings = { ...environment, TOLLGATE_CONSUMER_HTTP_PORT: "0" };
  await startScoringApp({ entry, services, environment: settings });
}

/** In a process of its own, stopped after the test. */
async function startScoringApp(options: {
  readonly entry: string;
  readonly services: Services;
  readonly environment: Environment;
}): Promise<void> {
  const { entry, services } = options;
  const outbox = mkdtempSync(join(tmpdir(), "tollgate-trace-"));
  const environment = {
    TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
    TOLLGATE_REDIS_URL: services.redisUrl,
    TOLLGATE_REDIS_PREFIX: services.prefix,
    TOLLGATE_TOPIC_PREFIX: services.prefix,
    TOLLGATE_GROUP_PREFIX: services.prefix,
    TOLLGATE_PARTITIONS: "3",
    TOLLGATE_OUTBOX_FOLDER: outbox,
    ...options.environment,
  };
  const app = await spawnApp({ entry, environment });
  onTestFinished(async () => {
    await app.stop();
    rmSync(outbox, { recursive: true, force: true });
  });
}

function payment(id: string): Readonly<Record<string, unknown>> {
  const startMs = Date.now() - 40 * 86_400_000;
  const [first] = engagement.simulate({ seed: 5, idPrefix: id, startMs, customers: 100 });
  if (first === undefined) throw new Error("the simulation made nothing");
  return engagement.transaction.toWire(first.transaction);
}

/** With so much time that only a fault makes the answer degraded. */
function score(port: number, id: string, traceparent: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/score`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${id.slice(0, -"http".length)}`,
      "content-type": "application/json",
      "tollgate-deadline-ms": "5000",
      traceparent,
    },
    body: JSON.stringify(payment(id)),
  });
}

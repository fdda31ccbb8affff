import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isDriftVerdict, type DriftVerdict } from "@tollgate/contracts";
import { until } from "@tollgate/testkit";
import type { Kafka } from "kafkajs";
import { expect, onTestFinished } from "vitest";
import { addressOf, monitorTest as test } from "./monitor-test.ts";
import { messageOf, stream } from "./records.ts";
import { profile } from "./test-engagement.ts";

const patient = { deadlineMs: 120_000 };
const secret = "a secret of the test";

interface Delivery {
  readonly id: string;
  readonly signature: string;
  readonly body: string;
}

/** A receiver that fails the first time. */
async function startReceiver(): Promise<{ readonly url: string; readonly deliveries: Delivery[] }> {
  const deliveries: Delivery[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const { "tollgate-delivery": id, "tollgate-signature": signature } = request.headers;
      deliveries.push({ id: String(id), signature: String(signature), body });
      response.writeHead(deliveries.length === 1 ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, deliveries };
}

async function readVerdicts(kafka: Kafka, topic: string, groupId: string): Promise<readonly DriftVerdict[]> {
  const found: DriftVerdict[] = [];
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const value: unknown = JSON.parse(message.value?.toString("utf8") ?? "null");
      if (isDriftVerdict(value)) found.push(value);
    },
  });
  try {
    await until(() => found.some(({ status }) => status === "drifted"), {
      describe: "a drifted verdict on the topic",
      ...patient,
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}

test("a drifted window is told of by topic, API, metric and a signed webhook that is tried again", async ({
  topics,
  send,
  startMonitor,
  kafka,
  prefix,
}) => {
  const { url, deliveries } = await startReceiver();
  const webhook = { TOLLGATE_DRIFT_WEBHOOK_URL: url, TOLLGATE_DRIFT_WEBHOOK_SECRET: secret };
  const monitor = await startMonitor({ ...webhook, TOLLGATE_DRIFT_API_KEY: "the key" });
  const inflated = stream({ firstHour: 0, hours: 3, perHour: 1_200 }, { inflation: 20 }).map(messageOf);
  for (let at = 0; at < inflated.length; at += 600)
    await send(topics.decisions, inflated.slice(at, at + 600));

  const published = await readVerdicts(kafka, topics.drift, `${prefix}reader`);
  const drifted = published.find(({ status, segment }) => status === "drifted" && segment === "all");
  const amount = profile.features[0]?.name;
  expect(drifted?.findings.map(({ feature }) => feature)).toContain(amount);
  expect(drifted?.response.action).not.toBe("nothing");
  expect(drifted?.response.reason).not.toBe("");

  await until(() => deliveries.length >= 2, { describe: "a second delivery", ...patient });
  const [first] = deliveries;
  const again = await until(() => deliveries.slice(1).find(({ id }) => id === first?.id), {
    describe: "the first alert again",
    ...patient,
  });
  const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/u.exec(again.signature) ?? [];
  expect(hex).toBe(createHmac("sha256", secret).update(`${seconds}.${again.body}`).digest("hex"));
  expect(JSON.parse(again.body)).toMatchObject({ verdict: { verdictId: again.id, status: "drifted" } });

  const api = await until(() => addressOf(monitor, "drift-api"), { describe: "the API's address" });
  const get = (path: string, headers = { authorization: "Bearer the key" }): Promise<Response> =>
    fetch(`${api}${path}`, { headers });
  const listed = (await (await get(`/v1/drift?status=drifted&feature=${amount}`)).json()) as {
    readonly verdicts: readonly DriftVerdict[];
  };
  const [summary] = listed.verdicts;
  expect(summary?.findings[0]).not.toHaveProperty("picture");
  const whole = (await (
    await get(`/v1/drift/${encodeURIComponent(summary?.verdictId ?? "")}`)
  ).json()) as DriftVerdict;
  const picture = whole.findings.find(({ feature }) => feature === amount)?.picture;
  expect(picture?.window).toHaveLength(picture?.bins.length ?? 0);
  expect(picture?.baseline).toHaveLength(picture?.bins.length ?? 0);
  expect((await get("/v1/drift/none")).status).toBe(404);
  expect((await get("/v1/drift?window=year")).status).toBe(400);
  expect((await get("/v1/drift", { authorization: "Bearer another" })).status).toBe(401);

  const probes = await until(() => addressOf(monitor, "probes"), { describe: "the probes' address" });
  await until(async () => (await fetch(`${probes}/readyz`)).ok, { describe: "it is ready", ...patient });
  await until(
    async () => /tollgate_drift_alarm\{[^}]*\} 1/u.test(await (await fetch(`${probes}/metrics`)).text()),
    { describe: "the alarm as a metric", ...patient },
  );
});

/** `npm run features -- rebuild` as it is run: a big log in Kafka, a real Redis, a process of its own. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { topicNames } from "@tollgate/contracts";
import { connectKafka, ensureTopics } from "@tollgate/event-log";
import type { LogRecord } from "@tollgate/feature-replay";
import { silentLogger, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { startOwnKafka } from "@tollgate/testkit/own-kafka";
import { startOwnRedis } from "@tollgate/testkit/own-redis";
import { processEnvironment } from "../src/config.ts";

/** The recorded decisions of another package's bench: loaded, not imported. */
interface DecisionBytes {
  readonly decisionsAsBytes: (count: number, customers: number) => readonly (readonly LogRecord[])[];
}

interface Rebuilt {
  readonly records: number;
  readonly buildSeconds: number;
  readonly recordsPerSecond: number;
  readonly processorSeconds: number;
  readonly switchMs: number;
}

const command = fileURLToPath(new URL("../src/features-command.ts", import.meta.url));
const topics = topicNames("");
/** Records of 2 kB: a request to Kafka is at most 1 MB. */
const sentTogether = 250;

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const records = quick ? 100_000 : 400_000;
  const kafka = await startOwnKafka("rebuild-log");
  const redis = await startOwnRedis();
  try {
    await fillLog(kafka.brokers, records);
    const rebuilt = await rebuild({
      TOLLGATE_KAFKA_BROKERS: kafka.brokers.join(","),
      TOLLGATE_REDIS_URL: redis.url,
    });
    const figures = {
      records: rebuilt.records,
      recordsPerSecond: rebuilt.recordsPerSecond,
      recordsPerProcessorSecond: Math.round(rebuilt.records / rebuilt.processorSeconds),
      buildSeconds: rebuilt.buildSeconds,
      switchMs: rebuilt.switchMs,
    };
    return {
      table: {
        header: ["figure", "value"],
        rows: Object.entries(figures).map(([name, value]) => [name, value.toLocaleString("en")]),
      },
      figures,
      // The promise is of the rebuild's own work: `npm run bench -- rebuild` holds it.
      passed: rebuilt.records === records,
      notes: ["recordsPerProcessorSecond: of the command's whole life, start and writing out included."],
    };
  } finally {
    await redis.stop();
    await kafka.stop();
  }
}

async function fillLog(brokers: readonly string[], records: number): Promise<void> {
  const folder = "../../../packages/feature-replay/bench/decision-bytes.ts";
  const { decisionsAsBytes } = (await import(new URL(folder, import.meta.url).href)) as DecisionBytes;
  const kafka = connectKafka({ brokers: [...brokers], clientId: "rebuild-log", logger: silentLogger() });
  await ensureTopics(kafka, topics, { partitions: 4, replicationFactor: 1 });
  const producer = kafka.producer();
  await producer.connect();
  for (const [partition, log] of decisionsAsBytes(records, records / 20).entries()) {
    for (let from = 0; from < log.length; from += sentTogether) {
      const messages = log.slice(from, from + sentTogether).map(({ value }) => ({ partition, value }));
      await producer.send({ topic: topics.decisions, messages });
    }
  }
  await producer.disconnect();
}

/** Runs the command; its progress bar goes to the screen. */
async function rebuild(settings: Readonly<Record<string, string>>): Promise<Rebuilt> {
  const { PATH, HOME } = processEnvironment();
  const child = spawn(process.execPath, [command, "rebuild", "--json", "--keep-old"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH, HOME, ...settings },
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the rebuild ended with ${String(code)}`);
  const last = Buffer.concat(output).toString("utf8").trim().split("\n").at(-1) ?? "{}";
  return (JSON.parse(last) as { readonly figures: Rebuilt }).figures;
}

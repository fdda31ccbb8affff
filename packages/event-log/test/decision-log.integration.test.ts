import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topicNames, type DecisionRecord } from "@tollgate/contracts";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, startOwnKafka, until } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  connectKafka,
  createDecisionLog,
  createLoggedFilter,
  decodeJsonValue,
  endOffsets,
  ensureTopics,
  openOutbox,
  runBatchConsumer,
  type DecisionLog,
  type DecisionLogOptions,
  type Outbox,
} from "../src/index.ts";

const logger = silentLogger();
const clock = systemClock();
const layout = { partitions: 3, replicationFactor: 1 };

serviceTest(
  "topics are created once, and a different number of partitions is refused",
  async ({ kafkaBrokers, prefix }) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    const topics = topicNames(prefix);
    await Promise.all([ensureTopics(kafka, topics, layout), ensureTopics(kafka, topics, layout)]);
    const other = ensureTopics(kafka, topics, { ...layout, partitions: 4 });
    await expect(other).rejects.toMatchObject({ code: "TOPIC_PARTITIONS_DIFFER" });
  },
);

serviceTest(
  "appends at the same time are all in the log, in order for each card",
  async ({ kafkaBrokers, prefix }) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    const topics = topicNames(prefix);
    await ensureTopics(kafka, topics, layout);
    await withOutbox(async (outbox) => {
      const log = await createDecisionLog({ kafka, topics, outbox, logger, clock });
      const places = await Promise.all(numbered(0, 2_000).map((record) => log.append([record])));
      expect(new Set(places)).toEqual(new Set(["log"]));
      await log.stop();
      const logged = await readAll(kafka, topics.decisions);
      expect(logged.length).toBe(2_000);
      for (const card of new Set(logged.map((record) => record.partitionKey))) {
        const numbers = logged
          .filter((one) => one.partitionKey === card)
          .map((one) => Number(one.transactionId));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    });
  },
);

serviceTest("Kafka is killed: decisions go to the outbox, and are all in the log once it is back", () =>
  withOwnKafka("decision-log", async ({ own, open, topic, kafka, outbox }) => {
    const log = await open();
    const sent = 8_000;
    const load = startLoad(log, sent);
    await until(() => load.places.log > 200, { describe: "decisions in the log" });
    await own.kill();
    await load.done;
    expect(load.places.outbox).toBeGreaterThan(0);
    await own.restart();
    await until(() => outbox.pendingCount === 0, { describe: "an empty outbox", deadlineMs: 90_000 });
    await log.stop();
    await expectEachOnce(kafka, topic, sent);
  }),
);

serviceTest(
  "Kafka stands still: callers are answered from the outbox, and the log has each decision once afterwards",
  () =>
    withOwnKafka("decision-log-halt", async ({ own, open, topic, kafka, outbox }) => {
      const connections: boolean[] = [];
      // Never away: the connection that stood still is the one that goes on.
      const log = await open({
        appendTimeoutMs: 60_000,
        metrics: { connection: ({ connected }) => connections.push(connected) },
      });
      expect(await log.append(numbered(0, 10))).toBe("log");
      own.halt();
      const overdue = log.append(numbered(10, 10));
      const behind = log.append(numbered(20, 10));
      expect(await Promise.all([overdue, behind])).toEqual(["outbox", "outbox"]);
      expect(log.connected).toBe(false);
      expect(await log.append(numbered(30, 10)), "at once").toBe("outbox");
      own.goOn();
      await until(() => outbox.pendingCount === 0, { describe: "an empty outbox", deadlineMs: 90_000 });
      expect(await log.append(numbered(40, 10))).toBe("log");
      await log.stop();
      expect(connections).toEqual([true]);
      await expectEachOnce(kafka, topic, 50);
    }),
);

serviceTest("one id that two cards were decided under comes from the outbox for both, and each once", () =>
  withOwnKafka("decision-log-two-cards", async ({ own, open, topic, kafka, outbox }) => {
    const log = await open();
    const [mine] = numbered(0, 1);
    if (mine === undefined) throw new Error("a decision");
    const others = { ...mine, partitionKey: "another-card" };
    own.halt();
    for (const record of [...numbered(1, 1), mine, others, mine]) {
      expect(await log.append([record])).toBe("outbox");
    }
    own.goOn();
    await until(() => outbox.pendingCount === 0, { describe: "an empty outbox", deadlineMs: 90_000 });
    await log.stop();
    const logged = (await readAll(kafka, topic)).map((record) => record.partitionKey);
    expect(logged.toSorted()).toEqual(["another-card", "card-0", "card-1"]);
  }),
);

type Kafka = ReturnType<typeof connectKafka>;

interface OwnKafka {
  readonly own: Awaited<ReturnType<typeof startOwnKafka>>;
  readonly kafka: Kafka;
  /** Of decisions. */
  readonly topic: string;
  readonly outbox: Outbox;
  open(options?: Pick<DecisionLogOptions, "appendTimeoutMs" | "metrics">): Promise<DecisionLog>;
}

/** A Kafka that nobody else uses: it is killed and halted. */
async function withOwnKafka(name: string, use: (parts: OwnKafka) => Promise<void>): Promise<void> {
  const own = await startOwnKafka(name);
  try {
    const kafka = connectKafka({ brokers: own.brokers, clientId: "test", logger });
    const topics = topicNames();
    await ensureTopics(kafka, topics, layout);
    await withOutbox(async (outbox) => {
      const withoutLogged = createLoggedFilter({ kafka, topic: topics.decisions, logger, clock });
      const parts = { kafka, topics, outbox, logger, clock, withoutLogged };
      const open: OwnKafka["open"] = (options) => createDecisionLog({ ...parts, ...options });
      await use({ own, kafka, topic: topics.decisions, outbox, open });
    });
  } finally {
    own.goOn();
    await own.stop();
  }
}

async function expectEachOnce(kafka: Kafka, topic: string, count: number): Promise<void> {
  const logged = (await readAll(kafka, topic)).map((record) => record.transactionId);
  expect(new Set(logged).size, "none is lost").toBe(count);
  expect(logged.length, "none is there twice").toBe(count);
}

interface Load {
  readonly places: { log: number; outbox: number };
  readonly done: Promise<unknown>;
}

/** Ten callers that append so many decisions together, one after the other each. */
function startLoad(log: DecisionLog, count: number): Load {
  const places = { log: 0, outbox: 0 };
  let next = 0;
  const callers = Array.from({ length: 10 }, async () => {
    while (next < count) {
      next += 1;
      places[await log.append(numbered(next, 1))] += 1;
    }
  });
  return { places, done: Promise.all(callers) };
}

async function withOutbox(use: (outbox: Outbox) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-log-"));
  const outbox = await openOutbox({ folder, clock, logger });
  try {
    await use(outbox);
  } finally {
    await outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readAll(kafka: Kafka, topic: string): Promise<readonly DecisionRecord[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await endOffsets(admin, topic);
  await admin.disconnect();
  const total = [...ends.values()].reduce((sum, end) => sum + Number(end), 0);
  const byOffset = new Map<string, DecisionRecord>();
  const consumer = runBatchConsumer({
    kafka,
    groupId: `${topic}.reader`,
    topic,
    logger,
    clock,
    handle: async ({ partition, messages }) => {
      for (const { offset, value } of messages) {
        const decoded = decodeJsonValue(value);
        if (decoded.ok) byOffset.set(`${partition}/${offset}`, decoded.value as DecisionRecord);
      }
    },
  });
  await until(() => byOffset.size >= total, { describe: `${total} records`, deadlineMs: 90_000 });
  await consumer.stop();
  return [...byOffset.values()];
}

function numbered(first: number, count: number): readonly DecisionRecord[] {
  return Array.from({ length: count }, (_, index) => decision(first + index));
}

function decision(number: number): DecisionRecord {
  return {
    schema: "tollgate.decision.v1",
    transactionId: String(number),
    partitionKey: `card-${number % 50}`,
    source: "http",
    occurredAt: new Date(clock.nowMs()).toISOString(),
    decidedAt: new Date(clock.nowMs()).toISOString(),
    outcome: "approve",
    score: 0.01,
    rung: "model",
    reasons: [],
    model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
    featureSet: "f".repeat(64),
    rulesVersion: "1",
    degraded: [],
    statesRead: [],
    generation: 1,
    vector: "",
    stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
    transaction: { id: String(number) },
  };
}

/**
 * A monitor beside a stream of the demo's pace: 2,000 decisions a second, each ten seconds of event time
 * after the one before, over two partitions. Processor time of the monitor and its PostgreSQL.
 */
import { setTimeout as delay } from "node:timers/promises";
import { topicNames } from "@tollgate/contracts";
import { connectKafka, createJsonProducer, ensureTopics, type JsonProducer } from "@tollgate/event-log";
import { processorMicros, withChildren } from "@tollgate/local-stack";
import { silentLogger, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { Client } from "pg";
import { createDecisionMaker } from "./decision-maker.ts";
import { startSides, type Sides } from "./start-sides.ts";

const perSecond = 2_000;
const partitions = 2;
const pollMs = 50;
/** The monitor's code is compiled by then. */
const warmUpSeconds = 10;
const microsMax = 40;

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  await using sides = await startSides(`bench-drift-monitor-${process.pid}`);
  const topics = topicNames("");
  const logger = silentLogger();
  const kafka = connectKafka({ brokers: sides.brokers, clientId: "bench", logger });
  await ensureTopics(kafka, topics, { partitions, replicationFactor: 1 });
  sides.startMonitor();
  const producer = createJsonProducer({ kafka, topic: topics.decisions, logger });
  const postgres = new Client({ connectionString: sides.postgresUrl });
  await postgres.connect();
  try {
    const send = sender(producer);
    await untilCounted(postgres, await send(warmUpSeconds));
    const [monitorBefore, postgresBefore] = used(sides);
    const decisions = await send(quick ? 15 : 40);
    await untilCounted(postgres, warmUpSeconds * perSecond + decisions);
    const [monitorAfter, postgresAfter] = used(sides);
    return resultOf({
      decisions,
      monitorMicros: (monitorAfter - monitorBefore) / decisions,
      postgresMicros: (postgresAfter - postgresBefore) / decisions,
    });
  } finally {
    await postgres.end();
    await producer.stop();
  }
}

/** Sends at the pace for some seconds and returns how many. */
function sender(producer: JsonProducer): (seconds: number) => Promise<number> {
  const make = createDecisionMaker();
  let number = 0;
  return async (seconds) => {
    const startMs = performance.now();
    const count = seconds * perSecond;
    for (let sent = 0; sent < count;) {
      const due = Math.min(count, Math.floor(((performance.now() - startMs) * perSecond) / 1_000)) - sent;
      const messages = Array.from({ length: due }, () => make((number += 1)));
      sent += due;
      await producer.send(messages);
      await delay(pollMs);
    }
    return count;
  };
}

/** Until they stand in tiles: counted and folded. */
async function untilCounted(postgres: Client, decisions: number): Promise<void> {
  for (;;) {
    const { rows } = await postgres
      .query<{ counted: string; waiting: string }>(
        `select (select coalesce(sum(next_offset), 0) from drift.partitions) as counted,
           (select count(*) from drift.deltas) as waiting`,
      )
      // The monitor has not made its tables yet.
      .catch(() => ({ rows: [] }));
    if (Number(rows[0]?.counted) >= decisions && rows[0]?.waiting === "0") return;
    await delay(pollMs);
  }
}

function used(sides: Sides): readonly [monitorMicros: number, postgresMicros: number] {
  const sum = (pids: readonly number[]): number =>
    pids.reduce((micros, pid) => micros + processorMicros(pid), 0);
  return [sum([sides.monitorPid()]), sum(withChildren(sides.postgresPid))];
}

function resultOf(measured: {
  readonly decisions: number;
  readonly monitorMicros: number;
  readonly postgresMicros: number;
}): BenchResult {
  const { decisions, monitorMicros, postgresMicros } = measured;
  const figures = { monitorMicros, postgresMicros, togetherMicros: monitorMicros + postgresMicros };
  return {
    table: {
      header: ["processor time for each decision", "µs"],
      rows: [
        ["monitor", monitorMicros.toFixed(1)],
        ["its PostgreSQL", postgresMicros.toFixed(1)],
        ["together", figures.togetherMicros.toFixed(1)],
      ],
    },
    figures,
    passed: figures.togetherMicros <= microsMax,
    notes: [`${decisions} decisions, ${perSecond} a second over ${partitions} partitions`],
  };
}

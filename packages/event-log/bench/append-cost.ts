/** `node packages/event-log/bench/append-cost.ts BROKERS`: processor time of appends, by records a call. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topicNames, type DecisionRecord } from "@tollgate/contracts";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { brokerList, connectKafka, createDecisionLog, ensureTopics, openOutbox } from "../src/index.ts";

const clock = systemClock();
const logger = silentLogger();
const brokers = brokerList(process.argv[2] ?? "127.0.0.1:9092");
const kafka = connectKafka({ brokers, clientId: "append-cost", logger });
const topics = topicNames(`bench-${clock.nowMs()}.`);
await ensureTopics(kafka, topics, { partitions: 2, replicationFactor: 1 });
const folder = mkdtempSync(join(tmpdir(), "append-cost-"));
const outbox = await openOutbox({ folder, clock, logger });
const log = await createDecisionLog({ kafka, topics, outbox, logger, clock });

const decision: DecisionRecord = {
  schema: "tollgate.decision.v1",
  transactionId: "",
  partitionKey: "",
  source: "http",
  occurredAt: "2026-01-01T00:00:00.000Z",
  decidedAt: "2026-01-01T00:00:00.000Z",
  outcome: "approve",
  score: 0.01,
  rung: "model",
  reasons: [],
  model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
  featureSet: "0123456789abcdef",
  rulesVersion: "0123456789ab",
  degraded: [],
  statesRead: [],
  generation: 1,
  vector: "A".repeat(204),
  stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
  transaction: { padding: "x".repeat(700) },
};

console.info("records a call   processor µs a call   a record");
for (const size of [1, 1, 8, 40, 256]) {
  const calls = Math.ceil(4_000 / Math.max(size, 4));
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await log.append(records(call, size));
  const used = process.cpuUsage(before);
  const micros = (used.user + used.system) / calls;
  const columns = [size, micros.toFixed(0), (micros / size).toFixed(1)];
  console.info(columns.map((column) => String(column).padStart(14)).join("   "));
}
await log.stop();
await outbox.close();
const admin = kafka.admin();
await admin.connect();
await admin.deleteTopics({ topics: Object.values(topics) });
await admin.disconnect();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

/** Of the size of a real decision: about 1.5 kB as JSON. */
function records(call: number, size: number): readonly DecisionRecord[] {
  return Array.from({ length: size }, (_, position) => ({
    ...decision,
    transactionId: `t-${call}-${position}`,
    partitionKey: `card-${(call * size + position) % 500}`,
  }));
}

// What a decision costs on its way into PostgreSQL, and what other ways of storing or passing it would cost:
//   node apps/ledger/bench/insert-decisions.ts postgres://user@127.0.0.1:5432/an_empty_database
// PostgreSQL must run on this machine: its processor time is read from /proc.
import { readFileSync } from "node:fs";
import type { DecisionRecord } from "@tollgate/contracts";
import { createLedgerWriter, migrate } from "@tollgate/ledger-store";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { Pool } from "pg";

const rows = 20_000;
const batchRows = 500;
const ticksPerSecond = 100;
const resetCompression = "alter table decisions reset (toast_tuple_target)";

const pool = new Pool({ connectionString: process.argv[2], max: 1 });
await migrate(pool);
const values = Array.from({ length: rows }, (_, number) => Buffer.from(JSON.stringify(decision(number))));
console.log(`${rows} decisions of ${values[0]?.length ?? 0} bytes, ${batchRows} in a batch; µs for each row`);
await measure("(warming up)", [], insertAll);
await measure("as it is", [], insertAll);
await measure("record compressed with pglz", [resetCompression], insertAll);
await measure(
  "record as jsonb",
  ["alter table decisions alter record type jsonb using record::jsonb"],
  insertAll,
);
await measure(
  "only passing: joined texts",
  [],
  passWith((texts) => texts.join("\u001E"), "string_to_table($1, E'\\x1e')"),
);
await measure(
  "only passing: text array",
  [],
  passWith((texts) => texts, "unnest($1::text[])"),
);
await pool.end();

async function measure(name: string, changes: readonly string[], work: () => Promise<void>): Promise<void> {
  await pool.query("truncate decisions, consumer_offsets");
  for (const change of changes) await pool.query(change);
  const node = process.cpuUsage();
  const server = await serverMicros();
  const startMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(node);
  const figures = {
    node: (user + system) / rows,
    postgres: ((await serverMicros()) - server) / rows,
    wall: ((performance.now() - startMs) * 1_000) / rows,
  };
  const columns = Object.entries(figures).map(
    ([column, micros]) => `${column} ${micros.toFixed(1).padStart(6)}`,
  );
  console.log(`${name.padEnd(30)} ${columns.join("   ")}`);
}

async function insertAll(): Promise<void> {
  const writer = createLedgerWriter({ pool, logger: silentLogger(), clock: systemClock() });
  for (let first = 0; first < rows; first += batchRows) {
    const batch = values.slice(first, first + batchRows);
    const messages = batch.map((value, index) => ({ offset: BigInt(first + index), value }));
    await writer.writeDecisions({ topic: "bench", partition: 0, messages });
  }
}

function passWith(encode: (texts: readonly string[]) => unknown, source: string): () => Promise<void> {
  return async () => {
    for (let first = 0; first < rows; first += batchRows) {
      const texts = values.slice(first, first + batchRows).map(String);
      await pool.query(`select count(text::json) from ${source} as text`, [encode(texts)]);
    }
  };
}

/** Processor time of the one connection's server process, in microseconds. */
async function serverMicros(): Promise<number> {
  const { rows: found } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
  const stat = readFileSync(`/proc/${found[0]?.pid ?? 0}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}

function decision(number: number): DecisionRecord {
  const vector = Float32Array.from({ length: 72 }, (_, index) => Math.sin(number * 72 + index));
  const reason = { kind: "model", description: "The amount is far above the card's own normal" } as const;
  const read = { version: number, status: "PRESENT" } as const;
  return {
    schema: "tollgate.decision.v1",
    transactionId: `tx-${((number * 2_654_435_761) >>> 0).toString(36)}-${number}`,
    partitionKey: `card-${number % 5_000}`,
    source: "kafka",
    occurredAt: "2026-03-01T12:00:00.123Z",
    decidedAt: "2026-03-01T12:00:00.223Z",
    outcome: "approve",
    score: Math.abs(vector[0] ?? 0),
    rung: "model",
    reasons: [
      { code: "AMOUNT_HIGH", ...reason },
      { code: "NEW_MERCHANT", ...reason },
    ],
    model: { name: "card-payments", version: 3, digest: "a".repeat(64) },
    featureSet: "b".repeat(64),
    rulesVersion: "c".repeat(16),
    degraded: [],
    statesRead: [
      { entity: "card", key: `card-${number % 5_000}`, ...read },
      { entity: "merchant", key: "merchant-1", ...read },
      { entity: "terminal", key: "terminal-1", ...read },
    ],
    generation: 1,
    vector: Buffer.from(vector.buffer).toString("base64"),
    stageMicros: { recall: 812, compute: 33, predict: 120, decide: 12, record: 2_411 },
    transaction: {
      id: `tx-${number}`,
      occurredAt: "2026-03-01T13:00:00.123+01:00",
      amountMinor: 1_234,
      currency: "EUR",
      cardId: `card-${number % 5_000}`,
      merchantId: "merchant-1",
      merchantCategoryCode: "5411",
      terminalId: "terminal-1",
      ipAddress: "10.0.0.1",
    },
  };
}

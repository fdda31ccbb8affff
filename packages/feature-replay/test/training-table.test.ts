import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import type { CompiledEngagement } from "@tollgate/engagement";
import { expect, onTestFinished, test } from "vitest";
import type { SimulatedLog } from "../bench/simulated-log.ts";
import { runSimulatedWay } from "../bench/simulated-way.ts";
import { createTrainingTable, openWorkspace, replayLog, stageLog, type ReplayOptions } from "../src/index.ts";
import { addedFeatures, compiledShop, shopStartMs, type Sale } from "./shop-engagement.ts";

const compiled = compiledShop();
const hourMs = 3_600_000;
const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, asOfMs: Number.MAX_SAFE_INTEGER };

type Row = Readonly<Record<string, DuckDBValue>>;

/** Exports a log to Parquet and reads the file again. */
async function exported(
  engagement: CompiledEngagement<Sale>,
  log: SimulatedLog,
  options: ReplayOptions,
): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-export-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "it's.parquet");
  const workspace = await openWorkspace(folder);
  onTestFinished(() => workspace.close());
  const table = await createTrainingTable(workspace, engagement);
  const stage = await stageLog(workspace, engagement);
  for (const [partition, records] of log.partitions.entries()) {
    for (const [offset, record] of records.entries()) stage.addDecision({ partition, offset, record });
  }
  for (const label of log.labels) stage.addLabel(label);
  await stage.finish();
  for await (const decision of replayLog(workspace, engagement, options)) table.add(decision);
  await table.write(path);
  const from = `from '${path.replaceAll("'", "''")}'`;
  const names: string[] = [];
  for await (const [name] of workspace.chunks(`describe select * ${from}`))
    names.push(...(name ?? []).map(String));
  const rows: Row[] = [];
  for await (const columns of workspace.chunks(`select * ${from}`)) {
    for (let row = 0; row < (columns[0]?.length ?? 0); row += 1) {
      rows.push(Object.fromEntries(names.map((name, column) => [name, columns[column]?.[row] ?? null])));
    }
  }
  return rows;
}

test("the export has a row for each decision, with its vector by name and its label", async () => {
  const { log } = await runSimulatedWay({
    compiled,
    seed: 3,
    transactions: 600,
    customers: 20,
    startMs: shopStartMs,
  });
  const rows = await exported(compiled, log, everything);
  const records = log.partitions.flat();
  expect(rows.length).toBe(600);
  const frauds = new Set(log.labels.map(({ label }) => label.transactionId));
  for (const record of records) {
    const row = rows.find(({ transactionId }) => transactionId === record.transactionId);
    const vector = new Float32Array(new Uint8Array(Buffer.from(record.vector, "base64")).buffer);
    const features = compiled.featureSet.names.map((name) => row?.[name]);
    expect(features).toEqual([...vector]);
    expect(row?.["labelFraud"]).toBe(frauds.has(record.transactionId) ? true : null);
  }
});

test("as of a moment the export knows neither a later decision nor a label that arrived later", async () => {
  const { log } = await runSimulatedWay({
    compiled,
    seed: 4,
    transactions: 600,
    customers: 20,
    startMs: shopStartMs,
  });
  const asOfMs = shopStartMs + 13 * hourMs;
  const fromMs = shopStartMs + hourMs;
  const toMs = shopStartMs + 14 * hourMs;
  const rows = await exported(compiled, log, { fromMs, toMs, asOfMs });
  const known = log.labels.filter(
    ({ label, matchedAt }) => Date.parse(label.labelledAt) < asOfMs && Date.parse(matchedAt) < asOfMs,
  );
  const knownIds = new Set(known.map(({ label }) => label.transactionId));
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) {
    expect(Number(row["occurredAtMs"])).toBeGreaterThanOrEqual(fromMs);
    expect(Number(row["occurredAtMs"])).toBeLessThan(toMs);
    expect(Number(row["decidedAtMs"])).toBeLessThan(asOfMs);
    expect(row["labelFraud"]).toBe(knownIds.has(String(row["transactionId"])) ? true : null);
  }
  expect(rows.filter((row) => row["labelFraud"] === true).length).toBeGreaterThan(0);
  expect(log.labels.length).toBeGreaterThan(known.length);
});

test("a feature defined later is backfilled row by row, with no label before it came", async () => {
  const options = { compiled, seed: 5, transactions: 400, customers: 5, startMs: shopStartMs };
  const { log } = await runSimulatedWay(options);
  const rows = await exported(compiledShop(addedFeatures()), log, everything);
  const known = await exported(compiled, log, everything);
  expect(rows.map((row) => row["card@v1:count_24h"])).toEqual(known.map((row) => row["card@v1:count_24h"]));
  const sales = arrivedSales(log);
  let labelled = 0;
  for (const row of rows) {
    const now = sales.find(({ record }) => record.transactionId === row["transactionId"]);
    if (now === undefined) throw new Error("a row of nothing");
    const before = sales.slice(0, sales.indexOf(now)).filter(({ pair }) => pair === now.pair);
    const within = (delayMs: number): readonly ArrivedSale[] =>
      before.filter(({ sale: { occurredAtMs } }) => occurredAtMs <= now.sale.occurredAtMs - delayMs);
    const rated = within(hourMs);
    const frauds = rated.filter(({ labelMatchedAt = "9" }) => labelMatchedAt <= now.record.decidedAt);
    expect([row["pair@v1:count_7d"], row["pair@v1:label_rate_7d_delay_1h"]]).toEqual([
      within(0).length + 1,
      rated.length === 0 ? -1 : Math.fround(frauds.length / rated.length),
    ]);
    const later = rated.filter(({ labelMatchedAt = "" }) => labelMatchedAt > now.record.decidedAt);
    if (later.length > 0) labelled += 1;
  }
  // A label that is seen too early would have shown so often.
  expect(labelled).toBeGreaterThan(20);
});

interface ArrivedSale {
  readonly record: SimulatedLog["partitions"][number][number];
  readonly sale: Sale;
  readonly pair: string;
  readonly labelMatchedAt: string | undefined;
}

/** Each sale once, in the order in which they were decided. */
function arrivedSales(log: SimulatedLog): readonly ArrivedSale[] {
  const matched = new Map(log.labels.map(({ label, matchedAt }) => [label.transactionId, matchedAt]));
  const placed = log.partitions.flatMap((records, partition) =>
    records.map((record, offset) => ({ record, partition, offset })),
  );
  placed.sort(
    (left, right) =>
      left.record.decidedAt.localeCompare(right.record.decidedAt) ||
      left.partition - right.partition ||
      left.offset - right.offset,
  );
  const first = new Map(placed.toReversed().map((one) => [one.record.transactionId, one]));
  return placed
    .filter((one) => first.get(one.record.transactionId) === one)
    .map(({ record }) => {
      const sale = record.transaction as Sale;
      const labelMatchedAt = matched.get(record.transactionId);
      return { record, sale, pair: `${sale.card}/${sale.shop}`, labelMatchedAt };
    });
}

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

test("a feature that was defined later is backfilled, also of an entity that nobody had read", async () => {
  const options = { compiled, seed: 5, transactions: 400, customers: 5, startMs: shopStartMs };
  const { log } = await runSimulatedWay(options);
  const rows = await exported(compiledShop(addedFeatures()), log, everything);
  const known = await exported(compiled, log, everything);
  expect(rows.map((row) => row["card@v1:count_24h"])).toEqual(known.map((row) => row["card@v1:count_24h"]));
  const decided = new Map(log.partitions.flat().map((record) => [record.transactionId, record]));
  const pairsSeen = new Map<string, number>();
  const ofPair = rows.toSorted((left, right) => Number(left["decidedAtMs"]) - Number(right["decidedAtMs"]));
  for (const row of ofPair) {
    const sale = decided.get(String(row["transactionId"]))?.transaction as Sale;
    const pair = `${sale.card}/${sale.shop}`;
    pairsSeen.set(pair, (pairsSeen.get(pair) ?? 0) + 1);
  }
  const largest = new Map<string, number>();
  for (const row of rows) {
    const sale = decided.get(String(row["transactionId"]))?.transaction as Sale;
    const pair = `${sale.card}/${sale.shop}`;
    largest.set(pair, Math.max(largest.get(pair) ?? 0, Number(row["pair@v1:count_7d"])));
  }
  expect(largest).toEqual(pairsSeen);
});

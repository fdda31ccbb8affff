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
import {
  arrivedBefore,
  countOf7Days,
  countOf7DaysByRing,
  decidedOf,
  fraudShare,
  fraudsOf,
  onlyOf,
  readFromCard,
  readFromShop,
  sumOf24Hours,
} from "./vector-reference.ts";

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

test("each row of a feature defined later holds what had arrived by then, and no later label", async () => {
  const transactions = 1_200;
  const simulated = { compiled, seed: 5, transactions, customers: 6, startMs: shopStartMs };
  const { log } = await runSimulatedWay(simulated);
  plantLateLabels(log);
  const rows = await exported(compiledShop(addedFeatures()), log, everything);
  const all = decidedOf(log);
  const inTheEnd = fraudsOf(log, () => true);
  const span = { tileMs: hourMs, windowMs: 24 * hourMs, delayMs: hourMs };
  const seen = { counted: 0, yetToCome: 0 };
  for (const row of rows) {
    const decided = all.get(String(row["transactionId"]));
    if (decided === undefined) throw new Error("a row that nobody decided");
    const { sale } = decided;
    const card = readFromCard(all.values(), decided);
    const isOfPair = ({ card, shop }: Sale): boolean => card === sale.card && shop === sale.shop;
    const pair = onlyOf(arrivedBefore(log, all.values(), decided), isOfPair);
    const shop = onlyOf(readFromShop(log, all.values(), decided), (other) => other.shop === sale.shop);
    const pairShare = fraudShare(pair, sale, span);
    expect({ ...row }).toMatchObject({
      transactionId: sale.id,
      "card@v1:count_7d": countOf7DaysByRing(card.sales, sale),
      "shop@v1:sum_amount_24h": sumOf24Hours(shop.sales, sale),
      "shop@v1:label_rate_1d_delay_1h": fraudShare(shop, sale, span),
      "pair@v1:count_7d": countOf7Days(pair.sales, sale),
      "pair@v1:label_rate_1d_delay_1h": pairShare,
    });
    if (pairShare > 0) seen.counted += 1;
    if (fraudShare({ ...pair, frauds: inTheEnd }, sale, span) !== pairShare) seen.yetToCome += 1;
  }
  expect(rows.length).toBeGreaterThan(0.95 * transactions);
  // Both happened often: a share with labels that had arrived, and one that a later label would change.
  expect(seen.counted).toBeGreaterThan(100);
  expect(seen.yetToCome).toBeGreaterThan(100);
});

/** Every sale that has no label gets one that is dated an hour after it and arrives after all decisions. */
function plantLateLabels(log: SimulatedLog): void {
  const labelled = fraudsOf(log, () => true);
  const [template] = log.labels;
  if (template === undefined) throw new Error("nothing was labelled");
  const decided = [...decidedOf(log).values()];
  const matchedAt = new Date(Math.max(...decided.map(({ atMs }) => atMs)) + hourMs).toISOString();
  for (const { sale, record } of decided) {
    if (labelled.has(sale.id)) continue;
    const labelledAt = new Date(sale.occurredAtMs + hourMs).toISOString();
    log.labels.push({
      ...template,
      sequence: log.labels.length,
      label: { ...template.label, labelId: `late-${sale.id}`, transactionId: sale.id, labelledAt },
      partitionKey: record.partitionKey,
      matchedAt,
      transaction: record.transaction,
    });
  }
}

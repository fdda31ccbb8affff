import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, onTestFinished, test } from "vitest";
import { createTrainingRowWriter, type TrainingRow } from "../src/training-rows.ts";

const fraud: TrainingRow = {
  transactionId: "t-1",
  entityKey: "card-1",
  occurredAtMs: 1_780_272_000_123,
  labelFraud: true,
  labelledAtMs: 1_780_372_000_000,
  pattern: "stolen-card-spree",
  ruleOutcome: 2,
  rulesFired: 3,
};
const honest: TrainingRow = {
  transactionId: "t-2",
  entityKey: "card-2",
  occurredAtMs: 1_780_272_000_456,
  labelFraud: undefined,
  labelledAtMs: undefined,
  pattern: undefined,
  ruleOutcome: 0,
  rulesFired: 0,
};

test("rows come back from Parquet as they were written, over more than one row group", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-rows-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "rows.parquet");
  const writer = createTrainingRowWriter(path, ["transaction:amount", "card@v1:count_1h"], {
    rowGroupRows: 2,
  });
  const vectors = [Float32Array.of(0.1, 1), Float32Array.of(-1, 2), Float32Array.of(1e9, 3)];
  for (const [index, row] of [fraud, honest, fraud].entries()) {
    await writer.add(row, vectors[index] ?? new Float32Array(2));
  }
  await writer.finish();
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEqual({ ...fraud, "transaction:amount": Math.fround(0.1), "card@v1:count_1h": 1 });
  expect(rows[1]).toMatchObject({ transactionId: "t-2", "transaction:amount": -1, ruleOutcome: 0 });
  expect(rows[1]?.["labelFraud"] ?? undefined).toBeUndefined();
  expect(rows[2]).toMatchObject({ "transaction:amount": 1e9, "card@v1:count_1h": 3 });
});

test("attributes of the transaction get columns of their own, beside the label's source", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-rows-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "rows.parquet");
  const writer = createTrainingRowWriter(path, ["transaction:amount"], {
    attributes: ["country", "channel"],
  });
  await writer.add(
    { ...fraud, labelSource: "chargeback", attributes: ["DE", undefined] },
    Float32Array.of(1),
  );
  await writer.add({ ...honest, attributes: ["FR", "card-present"] }, Float32Array.of(2));
  await writer.finish();
  const [first, second] = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  expect(first).toMatchObject({ labelSource: "chargeback", attribute_country: "DE" });
  expect(first?.["attribute_channel"] ?? undefined).toBeUndefined();
  expect(second).toMatchObject({ attribute_country: "FR", attribute_channel: "card-present" });
});

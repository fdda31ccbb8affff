import type { DecisionRecord } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { replaySimulated } from "../bench/replay-simulated.ts";
import { runSimulatedWay } from "../bench/simulated-way.ts";
import { compiledShop, shopStartMs } from "./shop-engagement.ts";

const compiled = compiledShop();
const simulation = { compiled, seed: 9, transactions: 200, customers: 10, startMs: shopStartMs };

function changed(record: DecisionRecord, change: (vector: Buffer) => void): DecisionRecord {
  const vector = Buffer.from(record.vector, "base64");
  change(vector);
  return { ...record, vector: vector.toString("base64") };
}

test("one byte that differs is found, and its feature is named", async () => {
  const { log } = await runSimulatedWay(simulation);
  const partitions = log.partitions.map((records) => [...records]);
  const column = compiled.featureSet.names.indexOf("card@v1:count_24h");
  const [first] = partitions;
  const record = first?.[20];
  if (first === undefined || record === undefined) throw new Error("the log is too short");
  first[20] = changed(record, (vector) => vector.writeUInt8(vector.readUInt8(column * 4) ^ 1, column * 4));
  const report = await replaySimulated(compiled, { partitions, labels: log.labels });
  expect(report).toMatchObject({ differing: 1, features: [{ name: "card@v1:count_24h", differing: 1 }] });
  expect(report.skewRate).toBe(1 / report.compared);
});

test("a decision that the log has lost is noticed in those that came after it", async () => {
  const { log } = await runSimulatedWay(simulation);
  const lost = log.partitions.flat().find(({ statesRead, generation }) => {
    return generation === 1 && statesRead[0]?.version === 1;
  });
  const partitions = log.partitions.map((records) => records.filter((record) => record !== lost));
  const report = await replaySimulated(compiled, { partitions, labels: log.labels });
  expect(report.notReplayable["state-not-in-log"]).toBeGreaterThan(0);
});

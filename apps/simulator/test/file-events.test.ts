import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileEngagement, type DatasetDefinition } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { fileEvents } from "../src/file-events.ts";
import type { StreamEvent } from "../src/stream-event.ts";
import { amountsDataset } from "./amounts-dataset.ts";

const fixture = fileURLToPath(new URL("testdata/amounts.csv", import.meta.url));

test("a CSV row becomes a transaction, and its truth a label seven days later", async () => {
  const { events, faults } = await read(fixture, "amounts");
  expect(faults).toEqual([]);
  expect(events.map((event) => event.fraud)).toEqual([false, false, true]);
  expect(JSON.parse(events[0]?.body ?? "")).toMatchObject({
    id: "amounts-1",
    occurredAt: "2013-09-01T00:00:00.000Z",
    amountMinor: 14_962,
    cardId: "amounts-card-1",
  });
  expect(events.map((event) => event.label?.label)).toEqual([
    undefined,
    undefined,
    {
      labelId: "amounts-3:l",
      transactionId: "amounts-3",
      fraud: true,
      source: "chargeback",
      labelledAt: "2013-09-09T00:00:00.500Z",
    },
  ]);
});

test("a row that is no transaction is named with its number and left out; the others go on", async () => {
  const path = temporaryFile("Time,Amount,Class\n0,1.50,0\nnoon,2,0\n2,-3,0\n3,4,1\n");
  const { events, faults } = await read(path, "amounts");
  expect(events.map((event) => event.transactionId)).toEqual(["amounts-1", "amounts-4"]);
  expect(faults.map(({ row, path: where }) => `${row}${where}`)).toEqual(["2/occurredAt", "3/amountMinor"]);
});

test("a missing column is named, with those that are needed", async () => {
  const path = temporaryFile("Time,Sum\n0,1\n");
  const reading = read(path, "amounts");
  await expect(reading).rejects.toThrow("has no column Amount, Class: amounts needs Time, Amount, Class");
});

test("a missing file is named", async () => {
  await expect(read("/nowhere/a.csv", "amounts")).rejects.toThrow("/nowhere/a.csv cannot be read");
  await expect(read("/nowhere/a.parquet", "handbook")).rejects.toThrow("/nowhere/a.parquet cannot be read");
});

test("a file that is no Parquet is refused in words", async () => {
  await expect(read(temporaryFile("no parquet at all"), "handbook")).rejects.toThrow(
    "not a sound Parquet file",
  );
});

interface Reading {
  readonly events: StreamEvent[];
  readonly faults: { row: number; path: string }[];
}

async function read(path: string, name: string): Promise<Reading> {
  const compiled = compileEngagement(engagement);
  const datasets: readonly DatasetDefinition[] = [...engagement.datasets, amountsDataset];
  const dataset = datasets.find((candidate) => candidate.name === name) as DatasetDefinition;
  const reading: Reading = { events: [], faults: [] };
  const onFault = (fault: { row: number; path: string }): void => void reading.faults.push(fault);
  for await (const chunk of fileEvents({ compiled, dataset, path, clock: systemClock(), onFault })) {
    reading.events.push(...chunk);
  }
  return reading;
}

function temporaryFile(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-simulator-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  writeFileSync(path, content);
  return path;
}

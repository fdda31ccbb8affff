import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatedTransaction } from "@tollgate/engagement";
import { engagement, type UlbPayment } from "@tollgate/engagement-ulb";
import { expect, onTestFinished, test } from "vitest";
import { readDataset } from "../src/read-dataset.ts";

const components = Array.from({ length: 28 }, (_, position) => `V${position + 1}`);
const header = ["Time", ...components, "Amount", "Class"];

async function fileOf(rows: readonly (readonly (string | number)[])[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-dataset-"));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "rows.csv");
  await writeFile(path, rows.map((row) => row.join(",")).join("\n"));
  return path;
}

async function all(path: string): Promise<readonly SimulatedTransaction<UlbPayment>[]> {
  const found: SimulatedTransaction<UlbPayment>[] = [];
  for await (const read of readDataset(path, engagement)) found.push(read);
  return found;
}

const row = (time: number, fraud: 0 | 1): readonly (string | number)[] => [
  time,
  ...components.map((_, position) => position / 10),
  "2.50",
  `"${fraud}"`,
];

test("rows of a file become transactions with their truth, and labels that come later", async () => {
  const path = await fileOf([header.map((name) => `"${name}"`), row(0, 0), row(60, 1)]);
  const found = await all(path);
  expect(found.map(({ transaction, pattern }) => [transaction.amountMinor, pattern])).toEqual([
    [250, undefined],
    [250, "fraud"],
  ]);
  const [, fraud] = found;
  const delayMs = (fraud?.label?.labelledAtMs ?? 0) - (fraud?.transaction.occurredAtMs ?? 0);
  expect(delayMs).toBe(7 * 86_400_000);
});

test.for([
  ["a column that is missing", [header.slice(1), row(0, 0).slice(1)], "lacks the columns Time"],
  ["a value that is no number", [header, ["noon", ...row(0, 0).slice(1)]], "row 1: /occurredAt"],
] as const)("%s is refused by name", async ([, rows, message]) => {
  const path = await fileOf(rows);
  await expect(all(path)).rejects.toThrow(message);
});

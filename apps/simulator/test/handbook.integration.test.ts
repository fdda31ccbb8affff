import { existsSync } from "node:fs";
import { join } from "node:path";
import { compileEngagement, type DatasetDefinition } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { systemClock } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { fileEvents } from "../src/file-events.ts";
import { sharedDataFolder } from "./config.ts";

const path = join(sharedDataFolder(), "handbook-2018-04-01-to-2018-08-14.parquet");
/** Ten days of it: the whole file is replayed by the command in docs/simulator.md. */
const enough = 100_000;

test("the Handbook's rows come out in order, every one a valid transaction", async ({ skip }) => {
  skip(!existsSync(path), `there is no ${path}; set TOLLGATE_SHARED_DATA to its folder`);
  const compiled = compileEngagement(engagement);
  const dataset = engagement.datasets.find(({ name }) => name === "handbook") as DatasetDefinition;
  const seen = { rows: 0, frauds: 0, faults: 0, backwards: 0, lastMs: 0 };
  const onFault = (): void => void (seen.faults += 1);
  for await (const chunk of fileEvents({ compiled, dataset, path, clock: systemClock(), onFault })) {
    for (const event of chunk) {
      seen.rows += 1;
      if (event.fraud === true) seen.frauds += 1;
      if (event.atMs < seen.lastMs) seen.backwards += 1;
      seen.lastMs = event.atMs;
    }
    if (seen.rows >= enough) break;
  }
  expect(seen).toMatchObject({ rows: enough, frauds: 299, faults: 0, backwards: 0 });
});

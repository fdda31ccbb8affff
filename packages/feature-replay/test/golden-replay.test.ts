import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { DecisionRecord, LabelledTransaction } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { compiled } from "../bench/card-payments.ts";
import { replaySimulated } from "../bench/replay-simulated.ts";

interface GoldenLog {
  readonly partitions: readonly DecisionRecord[][];
  readonly labels: LabelledTransaction[];
}

// When the feature set is meant to change: node packages/feature-replay/bench/make-golden-log.ts
test("decisions recorded by an earlier build are computed again to the same bytes", async () => {
  const bytes = await readFile(new URL("golden-log.json.gz", import.meta.url));
  const golden = JSON.parse(gunzipSync(bytes).toString()) as GoldenLog;
  const recordedWith = new Set(golden.partitions.flat().map(({ featureSet }) => featureSet));
  expect([...recordedWith]).toEqual([compiled.featureSet.hash]);
  const report = await replaySimulated(compiled, golden);
  expect(report).toMatchObject({ differing: 0, features: [], notReplayable: { "state-not-in-log": 0 } });
  expect(report.compared).toBeGreaterThanOrEqual(490);
});

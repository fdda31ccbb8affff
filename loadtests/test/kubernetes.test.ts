import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { clusterFiles, testRun } from "../kubernetes/test-run.ts";
import { writeClusterFiles } from "../kubernetes/write-cluster-files.ts";
import { scheduleOf } from "../run/plan-run.ts";
import { profiles } from "../run/profiles.ts";

const committed = new URL("../kubernetes/sla-10k.yaml", import.meta.url);
const scriptText = readFileSync(new URL(`../k6/${clusterFiles.script}`, import.meta.url), "utf8");

test("the committed TestRun is the generated one", () => {
  const rate = engagement.service.transactionsPerSecond;
  expect(parse(readFileSync(committed, "utf8"))).toEqual(testRun(rate));
});

test("the TestRun names the script, and gives the runners every variable that the script reads", () => {
  const run = testRun(10_000) as {
    spec: { script: { configMap: { file: string } }; runner: { env: { name: string; value?: string }[] } };
  };
  expect(run.spec.script.configMap.file).toBe("score-transactions.ts");
  const read = [...scriptText.matchAll(/__ENV\["(LOAD_[A-Z_]+)"\]/gu)].map((match) => match[1]);
  const given = run.spec.runner.env.map(({ name }) => name);
  expect(read.length).toBeGreaterThan(0);
  expect(given).toEqual(expect.arrayContaining(read));
});

test("a runner is asked for no more than it can send, and the rate is split over enough of them", () => {
  const parallelism = (rate: number): number =>
    (testRun(rate) as { spec: { parallelism: number } }).spec.parallelism;
  expect([2_500, 2_501, 10_000].map(parallelism)).toEqual([1, 2, 4]);
});

test("all files together fit into a ConfigMap, and the plan names where they are mounted", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cluster-"));
  try {
    const profile = profiles["sla-10k"];
    const asked = { forSeconds: undefined, ratePerSecond: undefined, levels: engagement.service, cores: 8 };
    const schedule = scheduleOf({ profile, ...asked });
    writeClusterFiles({ profile, schedule, engagement, folder, seed: 7 });
    const names = [clusterFiles.script, "load-plan.ts", clusterFiles.plan, clusterFiles.transactions];
    const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(1_048_576);
    const plan = JSON.parse(readFileSync(join(folder, clusterFiles.plan), "utf8")) as {
      transactionsPath: string;
    };
    expect(plan.transactionsPath).toBe("/test/transactions.json");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

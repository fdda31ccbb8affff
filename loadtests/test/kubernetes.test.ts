import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { LoadPlan } from "../k6/load-plan.ts";
import { clusterFiles, runnersFor, testRun } from "../kubernetes/test-run.ts";
import { writeClusterFiles } from "../kubernetes/write-cluster-files.ts";
import { scheduleOf } from "../run/plan-run.ts";
import { profiles } from "../run/profiles.ts";

const committed = new URL("../kubernetes/sla-10k.yaml", import.meta.url);
const scriptText = readFileSync(new URL(`../k6/${clusterFiles.script}`, import.meta.url), "utf8");

const levels = engagement.service;
const asked = {
  levels,
  cores: 8,
  forSeconds: undefined,
  ratePerSecond: undefined,
  arrivalsSeed: undefined,
};

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

test("every module that the script imports goes with it", () => {
  const texts = [clusterFiles.script, ...clusterFiles.modules].map((name) =>
    readFileSync(new URL(`../k6/${name}`, import.meta.url), "utf8"),
  );
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/from "\.\/([^"]+)"/gu)].map(([, name]) => name),
  );
  expect(new Set(imported)).toEqual(new Set(clusterFiles.modules));
});

test("a runner is asked for no more than it can send, and the rate is split over enough of them", () => {
  expect([2_500, 2_501, 10_000].map(runnersFor)).toEqual([1, 2, 4]);
  expect(testRun(10_000)).toMatchObject({ spec: { parallelism: 4 } });
});

test("the runners together may fail as often as the service level allows: each has its part", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cluster-"));
  try {
    const profile = profiles["sla-10k"];
    const schedule = scheduleOf({ profile, ...asked, forSeconds: 60 });
    writeClusterFiles({ profile, schedule, engagement, folder, seed: 7 });
    const { thresholds } = JSON.parse(readFileSync(join(folder, clusterFiles.plan), "utf8")) as LoadPlan;
    const rate = levels.transactionsPerSecond;
    const share = Math.floor((rate * 60 * (1 - levels.availabilityShare)) / runnersFor(rate));
    expect(runnersFor(rate)).toBe(4);
    expect(thresholds["transactions_failed{kind:measured}"]).toEqual([`count<=${share}`]);
    expect(thresholds["dropped_iterations{scenario:measured}"]).toEqual([`count<=${share}`]);
    expect(thresholds["answer_ms{kind:measured}"]).toEqual([`p(99)<${levels.scoringLatencyP99Ms}`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("all files together fit into a ConfigMap, and the plan names where they are mounted", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-cluster-"));
  try {
    const profile = profiles["sla-10k"];
    const schedule = scheduleOf({ profile, ...asked });
    writeClusterFiles({ profile, schedule, engagement, folder, seed: 7 });
    const { script, modules, plan: planFile, transactions } = clusterFiles;
    const names = [script, ...modules, planFile, transactions];
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

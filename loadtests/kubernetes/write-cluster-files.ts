import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import { stringify } from "yaml";
import type { LoadPlan } from "../k6/load-plan.ts";
import { loadLimits } from "../run/limits.ts";
import { thresholdsOf, type Schedule } from "../run/plan-run.ts";
import type { Profile } from "../run/profiles.ts";
import { writeTransactions } from "../run/write-transactions.ts";
import { clusterFiles, runnersFor, testRun } from "./test-run.ts";

/** A ConfigMap holds 1 MiB: 1,200 transactions of 450 bytes leave room for the script and the plan. */
const clusterTransactions = 1_200;

/** Inside the cluster, as the chart names it. */
const clusterUrl = "http://tollgate-scoring-api:8080/v1/score";

/** Writes script, plan, transactions and the TestRun; returns the commands that send them to a cluster. */
export function writeClusterFiles<T extends BaseTransaction>(options: {
  readonly profile: Profile;
  readonly schedule: Schedule;
  readonly engagement: Engagement<T>;
  readonly folder: string;
  readonly seed: number;
}): readonly string[] {
  const { profile, schedule, engagement, folder, seed } = options;
  mkdirSync(folder, { recursive: true });
  const idPrefix = `load-${Date.now().toString(36)}-`;
  const written = writeTransactions({
    engagement,
    path: join(folder, clusterFiles.transactions),
    wanted: clusterTransactions,
    seed,
    idPrefix,
  });
  const rate = schedule.phases.at(-1)?.requestsPerSecond ?? 0;
  const levels = engagement.service;
  const turns = Math.ceil(schedule.transactions / written.count);
  const plan: LoadPlan = {
    profile: profile.name,
    url: clusterUrl,
    transactionsPath: `${clusterFiles.folder}/${clusterFiles.transactions}`,
    summaryPath: "/tmp/k6-summary.json",
    idPrefix,
    transactionsPerRequest: profile.transactionsPerRequest,
    firstOccurredAtMs: Date.now() - turns * written.spanMs,
    spanMs: written.spanMs,
    requestTimeoutMs: loadLimits.requestTimeoutMs,
    noteEvery: loadLimits.noteEvery,
    bucketSeconds: schedule.bucketSeconds,
    phases: schedule.phases,
    thresholds: thresholdsOf({ profile, levels, schedule, runners: runnersFor(rate) }),
  };
  writeFileSync(join(folder, clusterFiles.plan), JSON.stringify(plan));
  for (const name of [clusterFiles.script, ...clusterFiles.modules]) {
    copyFileSync(fileURLToPath(new URL(`../k6/${name}`, import.meta.url)), join(folder, name));
  }
  writeFileSync(join(folder, "test-run.yaml"), stringify(testRun(rate)));
  const { script, modules, plan: planFile, transactions } = clusterFiles;
  const files = [script, ...modules, planFile, transactions];
  return [
    `kubectl create configmap tollgate-sla-10k ${files.map((file) => `--from-file=${file}`).join(" ")}`,
    "kubectl create secret generic tollgate-load --from-literal=api-key=…",
    "kubectl apply -f test-run.yaml",
  ];
}

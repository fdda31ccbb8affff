import { rename, writeFile } from "node:fs/promises";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  createSkewCounter,
  openWorkspace,
  type OpenLogSource,
  type SkewReport,
} from "@tollgate/feature-replay";
import { tableLines } from "@tollgate/runtime";
import { featuresLimits } from "./limits.ts";
import type { Interval } from "./options.ts";
import type { ProgressLine } from "./progress-line.ts";
import { replayDecisions } from "./replay-decisions.ts";

/** Compares what training would see with what was scored. */
export async function measureSkew(work: {
  readonly compiled: CompiledEngagement<BaseTransaction>;
  readonly open: OpenLogSource;
  readonly interval: Interval;
  readonly progress: ProgressLine;
}): Promise<SkewReport> {
  const workspace = await openWorkspace(work.interval.workFolder);
  try {
    const skew = createSkewCounter(work.compiled.featureSet);
    for await (const decision of replayDecisions(workspace, work)) skew.add(decision);
    return skew.report();
  } finally {
    await workspace.close();
  }
}

export function skewLines(report: SkewReport): readonly string[] {
  const figures = [
    ["decisions", report.decisions],
    ["compared", report.compared],
    ["differing", report.differing],
    ["skew rate", report.skewRate],
    ["not replayable: state not in the log", report.notReplayable["state-not-in-log"]],
    ["not replayable: order unknown", report.notReplayable["order-unknown"]],
    ["recorded with another feature set", report.otherFeatureSet],
  ] as const;
  const lines = tableLines(
    ["figure", "value"],
    figures.map(([name, value]) => [name, value.toLocaleString("en", { maximumFractionDigits: 6 })]),
  );
  const worst = report.features.slice(0, featuresLimits.worstFeatures);
  if (worst.length === 0) return lines;
  const rows = worst.map(({ name, differing, largestDifference }) => [
    name,
    differing.toLocaleString("en"),
    (differing / report.compared).toFixed(6),
    largestDifference.toPrecision(6),
  ]);
  return [...lines, "", ...tableLines(["feature", "differs in", "share", "largest difference"], rows)];
}

/** For Prometheus' textfile collector: replaced in one rename, never half a file. */
export async function writeSkewMetric(path: string, engagement: string, report: SkewReport): Promise<void> {
  const text = `# HELP tollgate_feature_skew_ratio Decisions whose features differ when computed again.
# TYPE tollgate_feature_skew_ratio gauge
tollgate_feature_skew_ratio{engagement="${engagement}"} ${report.skewRate}
`;
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

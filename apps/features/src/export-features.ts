import { resolve } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  createSkewCounter,
  createTrainingTable,
  openWorkspace,
  type OpenLogSource,
} from "@tollgate/feature-replay";
import type { Interval } from "./options.ts";
import type { ProgressLine } from "./progress-line.ts";
import { replayDecisions } from "./replay-decisions.ts";

export interface ExportResult {
  readonly rows: number;
  readonly frauds: number;
  /** Rows with the recorded vector, because theirs could not be computed again. */
  readonly asLogged: number;
  /** Decisions without a row: repetitions, and those with neither vector. */
  readonly leftOut: number;
  readonly skewRate: number;
}

/** Writes the training export: one row for each decision, point-in-time correct. */
export async function exportFeatures(work: {
  readonly compiled: CompiledEngagement<BaseTransaction>;
  readonly open: OpenLogSource;
  readonly interval: Interval;
  readonly out: string;
  readonly progress: ProgressLine;
}): Promise<ExportResult> {
  const { compiled, interval } = work;
  const workspace = await openWorkspace(interval.workFolder);
  try {
    const table = await createTrainingTable(workspace, compiled);
    const skew = createSkewCounter(compiled.featureSet);
    const counts = { rows: 0, frauds: 0, asLogged: 0, leftOut: 0 };
    for await (const decision of replayDecisions(workspace, work)) {
      skew.add(decision);
      const source = table.add(decision);
      if (source === "left-out") counts.leftOut += 1;
      else counts.rows += 1;
      if (source === "logged") counts.asLogged += 1;
      if (source !== "left-out" && decision.label?.fraud === true) counts.frauds += 1;
    }
    work.progress.step(`writing ${work.out}`);
    await table.write(resolve(work.out));
    return { ...counts, skewRate: skew.report().skewRate };
  } finally {
    await workspace.close();
  }
}

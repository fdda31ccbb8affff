import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { createSkewCounter, openWorkspace, replayLog, stageLog, type SkewReport } from "../src/index.ts";
import type { SimulatedLog } from "./simulated-log.ts";

const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, asOfMs: Number.MAX_SAFE_INTEGER };

/** Replays a simulated log from scratch and compares each vector with the one in the record. */
export async function replaySimulated<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  log: Pick<SimulatedLog, "partitions" | "labels">,
): Promise<SkewReport> {
  const workspace = await openWorkspace();
  try {
    const stage = await stageLog(workspace, compiled);
    for (const [partition, records] of log.partitions.entries()) {
      for (const [offset, record] of records.entries()) stage.addDecision({ partition, offset, record });
    }
    for (const label of log.labels) stage.addLabel(label);
    await stage.finish();
    const skew = createSkewCounter(compiled.featureSet);
    for await (const decision of replayLog(workspace, compiled, everything)) skew.add(decision);
    return skew.report();
  } finally {
    await workspace.close();
  }
}

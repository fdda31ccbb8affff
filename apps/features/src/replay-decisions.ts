import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  readLabelled,
  readWholeDecision,
  replayLog,
  stageLog,
  type OpenLogSource,
  type ReplayedDecision,
  type ReplayWorkspace,
} from "@tollgate/feature-replay";
import type { Interval } from "./options.ts";
import type { ProgressLine } from "./progress-line.ts";

/** Reads the log into a workspace and replays it: what `export` and `skew` share. */
export async function* replayDecisions(
  workspace: ReplayWorkspace,
  work: {
    readonly compiled: CompiledEngagement<BaseTransaction>;
    readonly open: OpenLogSource;
    readonly interval: Interval;
    readonly progress: ProgressLine;
  },
): AsyncGenerator<ReplayedDecision<BaseTransaction>> {
  const { compiled, progress } = work;
  const stage = await stageLog(workspace, compiled);
  progress.step("reading the log");
  let read = 0;
  let unreadable = 0;
  let total = 0;
  const source = await work.open({
    async decisions(partition, records) {
      for (const { offset, value } of records) {
        const record = readWholeDecision(value);
        if (record === undefined) unreadable += 1;
        else stage.addDecision({ partition, offset, record });
      }
      read += records.length;
      progress.show(read, Math.max(0, total - read));
    },
    async labels(records) {
      for (const { value } of records) {
        const record = readLabelled(value);
        if (record === undefined) unreadable += 1;
        else stage.addLabel(record);
      }
      read += records.length;
      progress.show(read, Math.max(0, total - read));
    },
  });
  try {
    total = read + (await source.remaining());
    await source.readToEnd();
  } finally {
    await source.close();
  }
  await stage.finish();
  if (unreadable + stage.unreadable > 0) {
    progress.step(`${unreadable + stage.unreadable} records hold no transaction of this engagement`);
  }
  progress.step("replaying each entity");
  const onProgress = (steps: number): void => progress.show(steps);
  yield* replayLog(workspace, compiled, { ...work.interval, onProgress });
  progress.end();
}

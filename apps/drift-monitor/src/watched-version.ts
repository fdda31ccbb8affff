import { setImmediate } from "node:timers/promises";
import type { DriftStatus, DriftVerdict } from "@tollgate/contracts";
import {
  createDriftCounters,
  createDriftJudge,
  defaultDriftSettings,
  segmentNames,
  type DriftCounters,
  type DriftJudge,
  type DriftSettings,
  type ReferenceProfile,
} from "@tollgate/drift";
import type { ClientBase } from "pg";
import { dueWindows } from "./due-windows.ts";
import { driftMonitorLimits } from "./limits.ts";
import { readTiles } from "./store/tile-store.ts";
import type { ModelVersion } from "./store/tile-delta.ts";
import { readJudgeState, writeVerdicts } from "./store/verdict-store.ts";

/** A model version as the leader holds it: the counters of all partitions, and a judge for each segment. */
export interface WatchedVersion {
  readonly model: ModelVersion;
  readonly profile: ReferenceProfile;
  readonly counters: DriftCounters;
  readonly judges: readonly SegmentJudge[];
}

interface SegmentJudge {
  readonly segment: string;
  readonly judge: DriftJudge;
  /** Status of the latest verdict by kind: an alert tells of a change, not of every window. */
  readonly statuses: Map<string, DriftStatus>;
}

/** From what PostgreSQL holds of it. */
export async function loadVersion(
  client: ClientBase,
  model: ModelVersion,
  options: { readonly profile: ReferenceProfile; readonly settings: Partial<DriftSettings> | undefined },
): Promise<WatchedVersion> {
  const { profile } = options;
  const counters = createDriftCounters(profile);
  for (const { key, bytes } of await readTiles(client, model)) counters.load(key, bytes);
  // They are stored as they are.
  counters.takeChanges();
  const segments = segmentNames(profile);
  const settings = { ...defaultDriftSettings, ...options.settings };
  const expectedFalseAlarmsPerMonth = settings.expectedFalseAlarmsPerMonth / segments.length;
  const judges: SegmentJudge[] = [];
  for (const segment of segments) {
    const state = await readJudgeState(client, model, segment);
    const own = { ...settings, expectedFalseAlarmsPerMonth };
    const judge = createDriftJudge({ profile, segment, settings: own, state });
    judges.push({ segment, judge, statuses: await readStatuses(client, model, segment) });
  }
  return { model, profile, counters, judges };
}

/** Judges what is due of every segment and writes it down. Returns verdicts, and how many were skipped. */
export async function judgeDue(
  client: ClientBase,
  version: WatchedVersion,
  times: { readonly watermarkMs: number; readonly latenessMs: number },
): Promise<{ readonly verdicts: readonly DriftVerdict[]; readonly skipped: number }> {
  const { counters, model } = version;
  const { oldestMs, newestMs } = counters;
  const all: DriftVerdict[] = [];
  let skippedOfAll = 0;
  for (const { judge, statuses } of version.judges) {
    const { judgedUntilMs } = judge.state();
    const limit = driftMonitorLimits.windowsPerTurn;
    const { windows, skipped } = dueWindows({ ...times, judgedUntilMs, oldestMs, newestMs, limit });
    skippedOfAll += skipped;
    if (windows.length === 0) continue;
    const verdicts: DriftVerdict[] = [];
    for (const window of windows) {
      verdicts.push(judge.judge(counters, window));
      // A window takes some milliseconds; heartbeats and probes come in between.
      await setImmediate();
    }
    const alerts = verdicts.filter((verdict) => isNews(verdict, statuses)).map(({ verdictId }) => verdictId);
    await writeVerdicts(client, { model, verdicts, alerts, state: judge.state() });
    all.push(...verdicts);
  }
  return { verdicts: all, skipped: skippedOfAll };
}

/** True for the first drifted window of its kind after one that was not. */
function isNews({ status, window }: DriftVerdict, statuses: Map<string, DriftStatus>): boolean {
  const before = statuses.get(window.kind);
  statuses.set(window.kind, status);
  return status === "drifted" && before !== "drifted";
}

async function readStatuses(
  client: ClientBase,
  model: ModelVersion,
  segment: string,
): Promise<Map<string, DriftStatus>> {
  const { rows } = await client.query<{ kind: string; status: DriftStatus }>(
    `select distinct on (kind) kind, status from drift.verdicts
     where model = $1 and version = $2 and segment = $3 order by kind, until_at desc`,
    [model.name, model.version, segment],
  );
  return new Map(rows.map(({ kind, status }) => [kind, status]));
}

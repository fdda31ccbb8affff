import type { DriftFinding, DriftStatus, DriftVerdict, DriftWindowKind } from "@tollgate/contracts";
import { completeLabelsMs, historyBaseline, referenceBaseline, type Baseline } from "./baseline.ts";
import { segmentNames } from "./counter-layout.ts";
import type { DriftCounters } from "./drift-counters.ts";
import type { DriftJudge, DriftJudgeOptions, JudgeState } from "./drift-judge.ts";
import { defaultDriftSettings, type DriftSettings } from "./drift-settings.ts";
import { DriftError } from "./errors.ts";
import { explain } from "./explain.ts";
import { findDrift, type FoundDrift } from "./find-drift.ts";
import { createJudgeMemory, type JudgeMemory } from "./judge-memory.ts";
import { driftLimits } from "./limits.ts";
import type { ReferenceProfile, SpreadTable } from "./reference-profile.ts";
import { respond } from "./respond.ts";
import { widenedTable } from "./spread.ts";
import { decisionsOf, meanScoreOf, outcomesOf, totalOf, type WindowCounts } from "./window-counts.ts";
import { windowLengthMs, windowsPerMonth } from "./window-kind.ts";
import { windowTests, type WatchedTests } from "./window-tests.ts";

interface Court {
  readonly profile: ReferenceProfile;
  readonly segment: { readonly name: string; readonly number: number };
  readonly settings: DriftSettings;
  readonly memory: JudgeMemory;
}

interface JudgedWindow {
  readonly kind: DriftWindowKind;
  readonly fromMs: number;
}

/** A judge; throws DriftError UNKNOWN_SEGMENT or BAD_STATE. */
export function createDriftJudge(options: DriftJudgeOptions): DriftJudge {
  const { profile, segment } = options;
  const number = segmentNames(profile).indexOf(segment);
  if (number < 0) throw new DriftError("UNKNOWN_SEGMENT", `"${segment}" is none of the profile's segments`);
  const empty: JudgeState = {
    schema: "tollgate.drift-judge.v1",
    model: profile.model,
    segment,
    spread: {},
    judgedUntilMs: {},
    streaks: {},
    unhealthy: [],
  };
  const state = options.state ?? empty;
  const { model } = state;
  const isOwn = model.name === profile.model.name && model.version === profile.model.version;
  if (state.schema !== empty.schema || state.segment !== segment || !isOwn) {
    throw new DriftError("BAD_STATE", `it is of ${model.name}@v${model.version}, segment "${state.segment}"`);
  }
  const court: Court = {
    profile,
    segment: { name: segment, number },
    settings: { ...defaultDriftSettings, ...options.settings },
    memory: createJudgeMemory(state),
  };
  return {
    judge: (counters, window) => judgeWindow(court, counters, window),
    accept: (untilMs) => court.memory.accept(untilMs),
    state: () => court.memory.state(),
  };
}

function judgeWindow(court: Court, counters: DriftCounters, judged: JudgedWindow): DriftVerdict {
  const { settings, memory, segment } = court;
  const { kind, fromMs } = judged;
  const untilMs = fromMs + windowLengthMs[kind];
  memory.enter(fromMs);
  const window = counters.window({ segment: segment.number, fromMs, untilMs });
  const announced = settings.announced.find((event) => event.fromMs < untilMs && event.untilMs > fromMs);
  const isHealthy = (hourStartMs: number): boolean => memory.isHealthy(hourStartMs);
  const history = historyBaseline(counters, { segment: segment.number, kind, fromMs, isHealthy });
  const historyTests = history === undefined ? [] : windowTests(window, history, settings);
  const labels = { completeLabelsMs: completeLabelsMs(counters) };
  const chosen = chooseBaseline(court, { kind, window, history, historyTests, labels });
  const level = levelOf(kind, settings);
  const raw =
    chosen === undefined
      ? { findings: [], tested: 0, untested: [] }
      : findDrift({
          ...chosen,
          window,
          level,
          settings,
          spreadWindowsMin: driftLimits.spreadWindowsMin[kind],
          excluded: chosen.baseline.source === "reference" ? court.profile.trending : [],
          watchesSlowChange: kind === "week",
        });
  const found = { ...raw, findings: raw.findings.map((finding) => confirm(memory, judged, finding)) };
  const verdict = verdictOf(court, {
    judged,
    window,
    found,
    baseline: chosen?.baseline,
    level,
    announced: announced?.name ?? null,
  });
  memory.remember({
    kind,
    fromMs,
    untilMs,
    isHealthy: found.findings.every(({ status }) => status !== "drifted") && announced === undefined,
    drifting:
      verdict.status === "inconclusive"
        ? undefined
        : raw.findings.filter(({ status }) => status === "drifted").map(({ feature }) => feature),
    tests: historyTests,
  });
  return verdict;
}

/** An alarm of a short window waits until it has lasted. */
function confirm(memory: JudgeMemory, { kind, fromMs }: JudgedWindow, finding: DriftFinding): DriftFinding {
  if (finding.status !== "drifted") return finding;
  const isConfirmed = memory.streak(kind, finding.feature, fromMs) >= driftLimits.confirmingWindows[kind];
  return isConfirmed ? finding : { ...finding, status: "warning" };
}

interface Chosen {
  readonly baseline: Baseline;
  readonly tests: readonly WatchedTests[];
  readonly spread: SpreadTable;
  readonly shorterSpread: SpreadTable;
}

const shorterKind: Readonly<Record<DriftWindowKind, DriftWindowKind | undefined>> = {
  minutes: undefined,
  hour: undefined,
  day: "hour",
  week: "day",
};

/** Past windows once enough of them are known, before that the reference; undefined without either. */
function chooseBaseline(
  { profile, memory, settings }: Court,
  of: {
    readonly kind: DriftWindowKind;
    readonly window: WindowCounts;
    readonly history: Baseline | undefined;
    readonly historyTests: readonly WatchedTests[];
    readonly labels: { readonly completeLabelsMs: number };
  },
): Chosen | undefined {
  const { kind, window, history, historyTests } = of;
  const shorter = shorterKind[kind];
  if (history !== undefined && memory.windowsSeen(kind) >= driftLimits.spreadWindowsMin[kind]) {
    const shorterSpread = shorter === undefined ? {} : memory.spread(shorter);
    return { baseline: history, tests: historyTests, spread: memory.spread(kind), shorterSpread };
  }
  // Quarters of an hour spread less than hours do.
  const spread = profile.dispersion[kind] ?? (kind === "minutes" ? profile.dispersion["hour"] : undefined);
  if (spread === undefined) return undefined;
  const baseline = referenceBaseline(window, of.labels);
  const shorterSpread = (shorter === undefined ? undefined : profile.dispersion[shorter]) ?? {};
  return {
    baseline,
    tests: windowTests(window, baseline, settings),
    spread: widenedTable(spread),
    shorterSpread: widenedTable(shorterSpread),
  };
}

/** Expected false alarms a month, over the windows of this kind in a month. */
function levelOf(kind: DriftWindowKind, settings: DriftSettings): number {
  const level = (settings.expectedFalseAlarmsPerMonth * settings.windowShares[kind]) / windowsPerMonth(kind);
  return Math.min(levelMax, Math.max(levelMin, level));
}

/** A level is a probability; beyond one in two it would be no test. */
const levelMax = 0.5;
const levelMin = 1e-12;

function verdictOf(
  { profile, segment, settings }: Court,
  of: {
    readonly judged: JudgedWindow;
    readonly window: WindowCounts;
    readonly found: FoundDrift;
    readonly baseline: Baseline | undefined;
    readonly level: number;
    readonly announced: string | null;
  },
): DriftVerdict {
  const { judged, window, found, baseline, announced } = of;
  const { name, version } = profile.model;
  const from = new Date(judged.fromMs).toISOString();
  const decisions = decisionsOf(window);
  const findings = [...found.findings]
    .toSorted((a, b) => Number(b.status === "drifted") - Number(a.status === "drifted"))
    .slice(0, driftLimits.findings)
    .map((finding) => (announced === null ? finding : { ...finding, status: "warning" as const }));
  const isEnough = decisions >= settings.minimumDecisions && found.tested > 0 && window.complete;
  const status: DriftStatus = isEnough
    ? findings.some((finding) => finding.status === "drifted")
      ? "drifted"
      : findings.length > 0
        ? "warning"
        : "ok"
    : "inconclusive";
  const { outcome } = window.layout;
  const compared = baseline?.counts.subarray(outcome.first, outcome.first + outcome.histogram.slots);
  const summary = {
    decisions,
    baseline: { source: baseline?.source ?? ("none" as const), decisions: compared ? totalOf(compared) : 0 },
    findings,
    untested: found.untested,
    announced,
    tests: found.tested,
  };
  return {
    schema: "tollgate.drift.v1",
    verdictId: `${name}@v${version}/${segment.name}/${judged.kind}/${from}`,
    model: { name, version },
    segment: segment.name,
    window: { kind: judged.kind, from, until: new Date(window.untilMs).toISOString() },
    status,
    explanation: explain(status, summary, { settings, isComplete: window.complete }),
    outcomes: outcomesOf(window),
    meanScore: meanScoreOf(window),
    level: of.level,
    ...summary,
    response: respond(status === "drifted" ? findings : [], settings.responses),
  };
}

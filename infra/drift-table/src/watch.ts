import type { DriftVerdict, DriftWindowKind } from "@tollgate/contracts";
import {
  createDriftCounters,
  createDriftJudge,
  windowLengthMs,
  windowStart,
  type DriftCounters,
  type DriftJudge,
  type DriftSettings,
  type JudgeState,
  type LabelObservation,
  type ReferenceProfile,
} from "@tollgate/drift";
import type { SimulatedRow } from "./simulated-row.ts";
import { createTimeQueue, type TimeQueue } from "./time-queue.ts";

const hourMs = 3_600_000;
/** Quarters of an hour are judged too where traffic allows it; here none would have enough decisions. */
const judgedKinds: readonly DriftWindowKind[] = ["hour", "day", "week"];

/** A drift monitor on a simulated stream: counts, and judges each window when it is over. */
export interface Watch {
  see(row: SimulatedRow): void;
  /** Judges the windows that are over by then. */
  end(untilMs: number): void;
  readonly verdicts: readonly DriftVerdict[];
  /** One that begins as this one is now, with settings of its own. */
  branch(settings: Partial<DriftSettings>): Watch;
}

interface Beginning {
  readonly counters: DriftCounters;
  readonly labels: TimeQueue<LabelObservation>;
  readonly state: JudgeState | undefined;
  readonly nextHourMs: number;
}

export function createWatch(
  profile: ReferenceProfile,
  startMs: number,
  settings: Partial<DriftSettings>,
): Watch {
  const nextHourMs = Math.ceil(startMs / hourMs) * hourMs + hourMs;
  const counters = createDriftCounters(profile);
  return watchFrom(profile, { counters, labels: createTimeQueue(), state: undefined, nextHourMs }, settings);
}

function watchFrom(profile: ReferenceProfile, from: Beginning, settings: Partial<DriftSettings>): Watch {
  const { counters, labels } = from;
  const judge = createDriftJudge({ profile, segment: "all", settings, state: from.state });
  const verdicts: DriftVerdict[] = [];
  let { nextHourMs } = from;
  const moveTo = (nowMs: number): void => {
    for (; nextHourMs <= nowMs; nextHourMs += hourMs) {
      countLabels(counters, labels, nextHourMs);
      verdicts.push(...judgeHour(judge, counters, nextHourMs));
    }
    countLabels(counters, labels, nowMs);
  };
  return {
    verdicts,
    end: moveTo,
    see(row) {
      const { transaction, label } = row.payment;
      const { occurredAtMs } = transaction;
      moveTo(occurredAtMs);
      const observed = observationOf(profile, row);
      counters.count({ ...observed, vector: row.vector, rung: "model", statuses: [] }, occurredAtMs);
      if (label === undefined) return;
      labels.add(label.labelledAtMs, { ...observed, ...label, change: "added" });
    },
    branch(own) {
      const copy = createDriftCounters(profile);
      copy.merge(counters);
      const beginning = { counters: copy, labels: labels.copy(), state: judge.state(), nextHourMs };
      return watchFrom(profile, beginning, own);
    },
  };
}

function countLabels(counters: DriftCounters, labels: TimeQueue<LabelObservation>, untilMs: number): void {
  for (;;) {
    const due = labels.takeUntil(untilMs);
    if (due === undefined) return;
    counters.countLabel(due, untilMs);
  }
}

/** The windows that end with this hour. */
function judgeHour(judge: DriftJudge, counters: DriftCounters, endMs: number): readonly DriftVerdict[] {
  return judgedKinds.flatMap((kind) => {
    const fromMs = endMs - windowLengthMs[kind];
    return windowStart(kind, fromMs) === fromMs ? [judge.judge(counters, { kind, fromMs })] : [];
  });
}

/** The amount in euro cents, and the watched fields. */
function observationOf(
  { attributes }: ReferenceProfile,
  { payment, score, outcome, vector }: SimulatedRow,
): Omit<LabelObservation, "labelledAtMs" | "source" | "fraud" | "change"> {
  const { transaction } = payment;
  const fields = transaction as unknown as Readonly<Record<string, string | undefined>>;
  return {
    occurredAtMs: transaction.occurredAtMs,
    attributes: attributes.map(({ field }) => fields[field]),
    score,
    outcome,
    valueMinor: Math.round((vector[0] ?? 0) * 100),
  };
}

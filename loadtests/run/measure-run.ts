import {
  answerMetric,
  failedMetric,
  failureReasons,
  type LoadPhase,
  type LoadPlan,
} from "../k6/load-plan.ts";
import { dueIterations, dueRequests } from "./due-requests.ts";
import type { K6Metrics } from "./run-k6.ts";

/** Time from the request's start to the whole answer, waiting for a connection included, in milliseconds. */
export interface Latency {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
}

/** One part of the run. All counts are of transactions. */
export interface PartFigures extends Latency {
  readonly name: string;
  readonly kind: LoadPhase["kind"];
  /** Since the first measured request. */
  readonly startSeconds: number;
  readonly seconds: number;
  readonly duePerSecond: number;
  readonly accepted: number;
  /** Answered with an error, or not at all. */
  readonly failed: number;
  /** Never sent: k6 had no virtual user left, all waited for answers. */
  readonly dropped: number;
}

/** One step in time of the curves. */
export interface CurvePoint {
  readonly atSeconds: number;
  readonly seconds: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly accepted: number;
  readonly failed: number;
}

export interface RunFigures {
  readonly phases: readonly PartFigures[];
  /** The measured phases together. */
  readonly measured: PartFigures;
  /** (failed + dropped) / due, of the measured phases. */
  readonly failedRate: number;
  readonly transactionsPerSecond: number;
  /** Reason → transactions, over the whole run. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly curve: readonly CurvePoint[];
}

/** Everything that k6 measured, by phase and by step in time. */
export function measureRun(plan: LoadPlan, metrics: K6Metrics): RunFigures {
  const measuredPhases = plan.phases.filter(({ kind }) => kind === "measured");
  const zeroSeconds = measuredPhases[0]?.startSeconds ?? 0;
  const phases = plan.phases.map((phase) => phaseFigures(phase, { plan, metrics, zeroSeconds }));
  const own = phases.filter(({ kind }) => kind === "measured");
  const sum = (of: (phase: PartFigures) => number): number => own.reduce((total, one) => total + of(one), 0);
  const seconds = sum((phase) => phase.seconds);
  const [accepted, failed, dropped] = [
    sum((phase) => phase.accepted),
    sum((phase) => phase.failed),
    sum((phase) => phase.dropped),
  ];
  const measured: PartFigures = {
    name: "measured",
    kind: "measured",
    startSeconds: 0,
    seconds,
    duePerSecond: sum((phase) => phase.duePerSecond * phase.seconds) / seconds,
    accepted,
    failed,
    dropped,
    ...latencyOf(metrics, `${answerMetric}{kind:measured}`),
  };
  return {
    phases,
    measured,
    failedRate: (failed + dropped) / Math.max(1, accepted + failed + dropped),
    transactionsPerSecond: accepted / seconds,
    reasons: Object.fromEntries(
      failureReasons
        .map((reason) => [reason, countOf(metrics, `${failedMetric}{reason:${reason}}`)] as const)
        .filter(([, count]) => count > 0),
    ),
    curve: measuredPhases.flatMap((phase) => curveOf(phase, { plan, metrics, zeroSeconds })),
  };
}

/** Transactions that were accepted: all that were sent and not refused. */
export function acceptedNumbers(
  plan: LoadPlan,
  metrics: K6Metrics,
  refused: ReadonlyMap<number, string>,
): (number: number) => boolean {
  const ranges = plan.phases.map((phase) => {
    const { sent } = countsOf(plan, metrics, `{phase:${phase.name}}`);
    return { from: phase.firstNumber, to: phase.firstNumber + sent };
  });
  return (number) => !refused.has(number) && ranges.some(({ from, to }) => number >= from && number < to);
}

interface Context {
  readonly plan: LoadPlan;
  readonly metrics: K6Metrics;
  readonly zeroSeconds: number;
}

function phaseFigures(phase: LoadPhase, { plan, metrics, zeroSeconds }: Context): PartFigures {
  const tags = `{phase:${phase.name}}`;
  const { sent, accepted, failed } = countsOf(plan, metrics, tags);
  const notBegun = countOf(metrics, `dropped_iterations{scenario:${phase.name}}`);
  return {
    name: phase.name,
    kind: phase.kind,
    startSeconds: phase.startSeconds - zeroSeconds,
    seconds: phase.seconds,
    duePerSecond: (dueRequests(phase) / phase.seconds) * plan.transactionsPerRequest,
    accepted,
    failed,
    dropped: Math.max(notSent(phase, plan, notBegun), missing(phase, plan, sent)),
    ...latencyOf(metrics, `${answerMetric}${tags}`),
  };
}

/** What the iterations would have sent that k6 dropped. */
function notSent(phase: LoadPhase, plan: LoadPlan, iterations: number): number {
  const begun = dueIterations(phase) - iterations;
  return (dueRequests(phase) - dueRequests(phase, begun)) * plan.transactionsPerRequest;
}

/** What was due and never sent, whatever k6 says of it; one iteration more or less at the end is chance. */
function missing(phase: LoadPhase, plan: LoadPlan, sent: number): number {
  const due = dueRequests(phase, dueIterations(phase) - 1) * plan.transactionsPerRequest;
  return Math.max(0, due - sent);
}

function curveOf(phase: LoadPhase, { plan, metrics, zeroSeconds }: Context): readonly CurvePoint[] {
  const count = Math.ceil(phase.seconds / plan.bucketSeconds);
  return Array.from({ length: count }, (_, bucket) => {
    const tags = `{phase:${phase.name},bucket:${bucket}}`;
    const { p50Ms, p95Ms, p99Ms } = latencyOf(metrics, `${answerMetric}${tags}`);
    const { accepted, failed } = countsOf(plan, metrics, tags);
    return {
      atSeconds: phase.startSeconds - zeroSeconds + bucket * plan.bucketSeconds,
      seconds: Math.min(plan.bucketSeconds, phase.seconds - bucket * plan.bucketSeconds),
      p50Ms,
      p95Ms,
      p99Ms,
      accepted,
      failed,
    };
  });
}

function latencyOf(metrics: K6Metrics, name: string): Latency {
  const values = metrics[name]?.values ?? {};
  const value = (statistic: string): number | null =>
    (values["count"] ?? 0) > 0 ? (values[statistic] ?? null) : null;
  return {
    p50Ms: value("med"),
    p95Ms: value("p(95)"),
    p99Ms: value("p(99)"),
    p999Ms: value("p(99.9)"),
    maxMs: value("max"),
  };
}

/** Transactions of the part of the run with these tags. */
function countsOf(
  plan: LoadPlan,
  metrics: K6Metrics,
  tags: string,
): { readonly sent: number; readonly accepted: number; readonly failed: number } {
  const sent = countOf(metrics, `${answerMetric}${tags}`) * plan.transactionsPerRequest;
  const failed = countOf(metrics, `${failedMetric}${tags}`);
  return { sent, accepted: sent - failed, failed };
}

function countOf(metrics: K6Metrics, name: string): number {
  return metrics[name]?.values["count"] ?? 0;
}

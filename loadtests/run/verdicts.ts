import { median } from "@tollgate/runtime";
import type { ServiceLevels } from "@tollgate/engagement";
import type { DecisionCheck } from "./check-decisions.ts";
import { loadLimits } from "./limits.ts";
import type { Verdict } from "./load-result.ts";
import type { PartFigures, RunFigures } from "./measure-run.ts";
import type { UsageSample } from "./process-usage.ts";

/** Nothing lost, nothing wrong, everything archived: holds for every profile. */
export function decisionVerdicts(check: DecisionCheck): readonly Verdict[] {
  const none = (what: string, count: number): Verdict => ({
    what,
    promised: "0",
    reached: String(count),
    passed: count === 0,
  });
  const { archivedAfterMs } = check;
  return [
    none("accepted, not recorded", check.lost),
    none("recorded or told differently", check.wrong),
    none("recorded, not archived", check.unarchived),
    {
      what: "ledger drained",
      promised: "within a minute",
      reached: archivedAfterMs === null ? "later" : `${(archivedAfterMs / 1000).toFixed(1)} s`,
      passed: archivedAfterMs !== null,
    },
  ];
}

/** The engagement's service levels, for a part of the run. */
export function serviceLevelVerdicts(figures: RunFigures, levels: ServiceLevels): readonly Verdict[] {
  const { p99Ms } = figures.measured;
  const failedMax = 1 - levels.availabilityShare;
  return [
    {
      what: "p99",
      promised: `below ${levels.scoringLatencyP99Ms} ms`,
      reached: milliseconds(p99Ms),
      passed: p99Ms !== null && p99Ms < levels.scoringLatencyP99Ms,
    },
    {
      what: "failed or not sent",
      promised: `at most ${percent(failedMax)}`,
      reached: percent(figures.failedRate),
      passed: figures.failedRate <= failedMax,
    },
  ];
}

/** Whether one part of the run kept the promise. */
function keepsPromise(part: PartFigures, levels: ServiceLevels): boolean {
  const due = part.accepted + part.failed + part.dropped;
  const failedRate = (part.failed + part.dropped) / Math.max(1, due);
  const inTime = part.p99Ms !== null && part.p99Ms < levels.scoringLatencyP99Ms;
  return inTime && failedRate <= 1 - levels.availabilityShare;
}

/** The knee: the highest rate at which the promise held, and at every lower one. */
export function kneeOf(figures: RunFigures, levels: ServiceLevels): PartFigures | undefined {
  const steps = figures.phases.filter(({ kind }) => kind === "measured");
  const missed = steps.findIndex((part) => !keepsPromise(part, levels));
  return missed === -1 ? steps.at(-1) : steps[missed - 1];
}

/** What is shed says so, and the promise holds again soon after. */
export function spikeVerdicts(figures: RunFigures, levels: ServiceLevels): readonly Verdict[] {
  const other = Object.entries(figures.reasons).filter(([reason]) => !["429", "503"].includes(reason));
  return [
    {
      what: "shed requests",
      promised: "429 or 503 only",
      reached: other.length === 0 ? "429 or 503 only" : other.map((pair) => pair.join(": ")).join(", "),
      passed: other.length === 0,
    },
    ...promiseVerdicts(figures, levels, ["before", "after"]),
  ];
}

/** The service levels, for some parts of the run each by itself. */
export function promiseVerdicts(
  figures: RunFigures,
  levels: ServiceLevels,
  names: readonly string[],
): readonly Verdict[] {
  const failedMax = percent(1 - levels.availabilityShare);
  return figures.phases
    .filter(({ name }) => names.includes(name))
    .map((part) => ({
      what: `the promise in ${part.name}`,
      promised: `p99 below ${levels.scoringLatencyP99Ms} ms, failed at most ${failedMax}`,
      reached: `${milliseconds(part.p99Ms)}, ${part.failed + part.dropped} failed or not sent`,
      passed: keepsPromise(part, levels),
    }));
}

/** Memory and latency of the last third against the middle third: the first still warms up. */
export function flatVerdicts(
  figures: RunFigures,
  usage: readonly UsageSample[],
  part: string,
): readonly Verdict[] {
  const memory = usage.flatMap(({ memoryMiB }) => memoryMiB[part] ?? []);
  const latency = figures.curve.flatMap(({ p99Ms }) => p99Ms ?? []);
  const memoryGrowth = growth(memory);
  const latencyGrowth = growth(latency);
  return [
    {
      what: `memory of ${part}, last third against the middle`,
      promised: "at most 1.10",
      reached: memoryGrowth.toFixed(2),
      passed: memoryGrowth <= 1.1,
    },
    {
      what: "p99 of a step, last third against the middle",
      promised: "at most 1.50",
      reached: latencyGrowth.toFixed(2),
      passed: latencyGrowth <= 1.5,
    },
  ];
}

/** Every swap done, no request failed, p99 not much more than before, memory back where it was. */
export function swapVerdicts(
  figures: RunFigures,
  run: {
    readonly asked: number;
    readonly swaps: { readonly loaded: number; readonly refused: number };
    readonly memory: { readonly beforeMiB: number; readonly afterMiB: number };
  },
): readonly Verdict[] {
  const { asked, swaps, memory } = run;
  const { failed } = figures.measured;
  const [before, swapping] = ["before", "swapping"].map((name) =>
    figures.phases.find((phase) => phase.name === name),
  );
  const ratio = (swapping?.p99Ms ?? Number.NaN) / (before?.p99Ms ?? Number.NaN);
  // One that k6 itself was late to send before the first swap says nothing of swaps.
  const dropped = swapping?.dropped ?? Number.NaN;
  const grownMiB = memory.afterMiB - memory.beforeMiB;
  return [
    {
      what: "swaps that were asked for and are done",
      promised: String(asked),
      reached: `${swaps.loaded}, ${swaps.refused} refused`,
      passed: asked > 0 && swaps.loaded >= asked && swaps.refused === 0,
    },
    {
      what: "failed at any time, or not sent while versions are swapped",
      promised: "0",
      reached: String(failed + dropped),
      passed: failed + dropped === 0,
    },
    {
      what: "p99 while versions are swapped, against before",
      promised: `at most ${loadLimits.swapLatencyRatio.toFixed(1)} times`,
      reached: `${ratio.toFixed(2)} times`,
      passed: ratio <= loadLimits.swapLatencyRatio,
    },
    {
      what: `memory of scoring-api after the last swap, against the ${loadLimits.swapsUntilSettled}th`,
      promised: `at most ${loadLimits.swapGrowthMiB} MiB more`,
      reached: `${grownMiB.toFixed(0)} MiB more`,
      passed: grownMiB <= loadLimits.swapGrowthMiB,
    },
  ];
}

/** Median of the last third over the median of the middle third. */
export function growth(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  return median(values.slice(-third)) / median(values.slice(third, 2 * third));
}

export function milliseconds(value: number | null): string {
  return value === null ? "–" : `${value.toFixed(1)} ms`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

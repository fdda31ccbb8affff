import { cpus, totalmem } from "node:os";
import type { Platform } from "@tollgate/demo";
import { engagement } from "@tollgate/engagement-card-payments";
import { figuresReport, median, type FiguresReport } from "@tollgate/runtime";
import { repositoryRoot } from "@tollgate/local-stack";
import type { CpuShare, TakenShares } from "./load-result.ts";
import { cpuBetween, type UsageSample } from "./process-usage.ts";

/** Machine, versions, commit: what a figure is worth nothing without. */
export function factsOf(run: {
  readonly platform: Platform;
  readonly generator: string;
  readonly payload: string;
  readonly arrivals: string;
  /** As it was named; undefined: the champion. */
  readonly model: string | undefined;
}): readonly (readonly [string, string])[] {
  const [processor] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const { commit } = figuresReport({ command: "", folder: repositoryRoot, figures: {}, passed: true });
  return [
    ["machine", `${cpus().length} cores, ${processor?.model ?? "unknown"}, ${gibibytes} GiB`],
    ["on this machine", "API, consumer, ledger, Kafka, Redis, PostgreSQL, Prometheus and the load's source"],
    ["services", run.platform.stack.services.map(({ label }) => label).join(", ")],
    ["node", process.version],
    ["load by", run.generator],
    ["commit", commit ?? "not a git checkout"],
    ["payload", run.payload],
    ["arrivals", run.arrivals],
    ["model", run.model ?? `${engagement.name}@champion`],
    ["metrics, audit, logs", "on"],
  ];
}

/** The processes to be watched, by name. */
export function processesOf(
  platform: Platform,
  others: Readonly<Record<string, number | undefined>>,
): Readonly<Record<string, number | undefined>> {
  const apps = platform.apps.map((app) => [app.name, app.pid()] as const);
  const services = platform.stack.services.map((service) => [service.name, service.pid()] as const);
  return { ...Object.fromEntries([...apps, ...services]), ...others, "load command": process.pid };
}

/** CPU of each part in the measured window, the largest first. */
export function cpuShares(
  samples: readonly UsageSample[],
  window: { readonly fromMs: number; readonly toMs: number },
  transactionsPerSecond: number,
): readonly CpuShare[] {
  const { seconds, cpuSeconds } = cpuBetween(samples, window);
  if (seconds === 0) return [];
  return Object.entries(cpuSeconds)
    .map(([part, used]) => ({
      part,
      cores: used / seconds,
      microsEach: (used / seconds / Math.max(1, transactionsPerSecond)) * 1e6,
    }))
    .toSorted((one, other) => other.cores - one.cores);
}

/** Shares of the machine's CPU that the run did not have, in the measured window. */
export function takenShares(
  samples: readonly UsageSample[],
  window: { readonly fromMs: number; readonly toMs: number },
): TakenShares {
  const { seconds, cpuSeconds, machine } = cpuBetween(samples, window);
  if (seconds === 0) return { byHost: 0, byOthers: 0 };
  const all = seconds * cpus().length;
  const ours = Object.values(cpuSeconds).reduce((sum, used) => sum + used, 0);
  return {
    byHost: machine.stolenSeconds / all,
    byOthers: Math.max(0, machine.busySeconds - ours) / all,
  };
}

/** Largest memory of a part in a window, in MiB; null where it cannot be read. */
export function memoryMax(samples: readonly UsageSample[], part: string): number | null {
  const values = samples.flatMap(({ memoryMiB }) => memoryMiB[part] ?? []);
  return values.length === 0 ? null : Math.round(Math.max(...values));
}

/** Of the samples of a time on the wall clock. */
export function memoryMedian(
  samples: readonly UsageSample[],
  part: string,
  time: { readonly fromMs: number; readonly toMs: number },
): number {
  const inside = samples.filter(({ atMs }) => atMs >= time.fromMs && atMs <= time.toMs);
  return median(inside.flatMap(({ memoryMiB }) => memoryMiB[part] ?? []));
}

export function reportOf(profile: string, figures: FiguresReport["figures"], passed: boolean): FiguresReport {
  const command = `npm run load -- --profile ${profile}`;
  return figuresReport({ command, folder: repositoryRoot, figures, passed });
}

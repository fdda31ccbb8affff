import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Platform } from "@tollgate/demo";
import type { LoadPhase, LoadPlan } from "../k6/load-plan.ts";
import { checkDecisions, type DecisionCheck } from "./check-decisions.ts";
import {
  cpuShares,
  factsOf,
  memoryMax,
  memoryMedian,
  processesOf,
  reportOf,
  takenShares,
} from "./describe-run.ts";
import { disturb, faultsOf, type Disturbance } from "./disturb.ts";
import { faultVerdicts } from "./fault-verdicts.ts";
import { leftOutInAll, watchLeftOut, type LeftOut } from "./left-out.ts";
import type { LoadResult, Mark, Verdict } from "./load-result.ts";
import type { RunContext } from "./run-context.ts";
import { loadLimits } from "./limits.ts";
import { arrivalsSeedOf } from "./load-options.ts";
import { acceptedNumbers, measureRun, type RunFigures } from "./measure-run.ts";
import { scheduleOf, thresholdsOf, type Schedule } from "./plan-run.ts";
import { watchUsage, type UsageSample } from "./process-usage.ts";
import { runK6, type K6Run } from "./run-k6.ts";
import { countSwaps } from "./swap-models.ts";
import {
  decisionVerdicts,
  flatVerdicts,
  kneeOf,
  serviceLevelVerdicts,
  spikeVerdicts,
  swapVerdicts,
} from "./verdicts.ts";
import { writeTransactions, type WrittenTransactions } from "./write-transactions.ts";

/** Everything about a run that is known before it. */
export interface PreparedRun extends RunContext {
  readonly schedule: Schedule;
}

/** k6 against the HTTP interface of a running platform. */
export async function runHttpProfile(run: RunContext, platform: Platform): Promise<LoadResult> {
  const { options, folder, say, engagement, stop } = run;
  const schedule = scheduleFor(run);
  const transactionsPath = join(folder, "transactions.json");
  const written = writeTransactions({
    engagement,
    path: transactionsPath,
    wanted: schedule.transactions,
    seed: options.seed,
    idPrefix: platform.idPrefix,
  });
  const plan = planOf({ ...run, schedule }, { platform, transactionsPath, written });
  const scriptPath = fileURLToPath(new URL("../k6/score-transactions.ts", import.meta.url));
  say(`k6 sends for ${schedule.seconds} s …`);
  const { apiKey } = platform;
  const k6Run = runK6({ k6: run.k6, scriptPath, plan, folder, apiKey, environment: run.environment });
  stop.addEventListener("abort", () => k6Run.stop());
  const usage = watchUsage(() => processesOf(platform, { k6: k6Run.pid }));
  try {
    const watched = await watchRun(k6Run, { run: { ...run, schedule }, platform });
    usage.stop();
    const { metrics, refused, answers } = k6Run.result();
    const figures = measureRun(plan, metrics);
    const check = await checkDecisions({
      brokers: platform.stack.service("kafka").url,
      decisionsTopic: platform.topics.decisions,
      postgresUrl: platform.postgresUrl,
      idPrefix: plan.idPrefix,
      transactions: schedule.transactions,
      accepted: acceptedNumbers(plan, metrics, refused),
      answers,
      say,
    });
    const seen = { figures, check, usage: usage.samples, ...watched };
    return resultOf({ ...run, schedule }, { platform, written, plan, seen });
  } finally {
    usage.stop();
    k6Run.stop();
  }
}

/** Phases and rates. @throws LoadError when the machine is too small for the profile. */
export function scheduleFor(run: Pick<RunContext, "profile" | "options" | "engagement">): Schedule {
  const { profile, options, engagement } = run;
  return scheduleOf({
    profile,
    levels: engagement.service,
    cores: cpus().length,
    forSeconds: options.forSeconds,
    ratePerSecond: options.ratePerSecond,
    arrivalsSeed: arrivalsSeedOf(options),
  });
}

function planOf(
  run: PreparedRun,
  target: {
    readonly platform: Platform;
    readonly transactionsPath: string;
    readonly written: WrittenTransactions;
  },
): LoadPlan {
  const { profile, schedule, folder, engagement } = run;
  const { platform, transactionsPath, written } = target;
  const turns = Math.ceil(schedule.transactions / written.count);
  return {
    profile: profile.name,
    url: `${platform.apiUrl}/v1/score${profile.transactionsPerRequest > 1 ? "/batch" : ""}`,
    transactionsPath,
    summaryPath: join(folder, "k6-summary.json"),
    idPrefix: platform.idPrefix,
    transactionsPerRequest: profile.transactionsPerRequest,
    firstOccurredAtMs: Date.now() - turns * written.spanMs,
    spanMs: written.spanMs,
    requestTimeoutMs: loadLimits.requestTimeoutMs,
    noteEvery: loadLimits.noteEvery,
    bucketSeconds: schedule.bucketSeconds,
    phases: schedule.phases,
    thresholds: thresholdsOf({ profile, levels: engagement.service, schedule }),
  };
}

/** What was seen from outside while k6 ran. */
interface WatchedRun {
  readonly marks: readonly Mark[];
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** By measured phase. */
  readonly leftOut: readonly LeftOut[];
  readonly swaps: { readonly loaded: number; readonly refused: number };
}

async function watchRun(
  k6Run: K6Run,
  { run, platform }: { readonly run: PreparedRun; readonly platform: Platform },
): Promise<WatchedRun> {
  const { schedule, say, stop } = run;
  const beganMs = await k6Run.began;
  const firstMeasured = schedule.phases.find(({ kind }) => kind === "measured");
  const zeroMs = beganMs + (firstMeasured?.startSeconds ?? 0) * 1000;
  const window = { fromMs: zeroMs, toMs: beganMs + schedule.seconds * 1000 };
  const leftMs = Math.max(0, window.toMs - Date.now());
  const overdue = setTimeout(() => k6Run.stop(), leftMs + loadLimits.overtimeMs);
  const ticker = setInterval(() => {
    say(`… ${Math.round((Date.now() - zeroMs) / 1000)} s of ${Math.round((window.toMs - zeroMs) / 1000)} s`);
  }, loadLimits.progressMs);
  try {
    const over = AbortSignal.any([stop, AbortSignal.timeout(leftMs)]);
    const disturbing = disturb(disturbancesOf(run, platform), { zeroMs, stop: over, say });
    // Whatever it throws is thrown below; until then it is not unhandled.
    disturbing.catch(() => undefined);
    const leftOut = await watchLeftOut({
      phases: schedule.phases.filter(({ kind }) => kind === "measured"),
      beganMs,
      metricsUrl: `${platform.probeUrls.api}/metrics`,
      ended: k6Run.ended,
      stop,
    });
    return { marks: await disturbing, window, leftOut, swaps: await countSwaps(platform) };
  } finally {
    clearTimeout(overdue);
    clearInterval(ticker);
  }
}

function disturbancesOf(run: PreparedRun, platform: Platform): readonly Disturbance[] {
  const measured = run.schedule.phases.filter(({ kind }) => kind === "measured");
  const seconds = measured.reduce((sum, phase) => sum + phase.seconds, 0);
  if (run.models !== undefined) return run.models.swaps(partOf(measured, "swapping"));
  return run.profile.name === "faults" ? faultsOf(platform, seconds) : [];
}

/** Seconds are counted from the first measured request. */
function partOf(
  measured: readonly LoadPhase[],
  name: string,
): { readonly fromSeconds: number; readonly seconds: number } {
  const phase = measured.find((one) => one.name === name);
  const fromSeconds = (phase?.startSeconds ?? 0) - (measured[0]?.startSeconds ?? 0);
  return { fromSeconds, seconds: phase?.seconds ?? 0 };
}

interface SeenRun extends WatchedRun {
  readonly figures: RunFigures;
  readonly check: DecisionCheck;
  readonly usage: readonly UsageSample[];
}

function resultOf(
  run: PreparedRun,
  made: {
    readonly platform: Platform;
    readonly written: WrittenTransactions;
    readonly plan: LoadPlan;
    readonly seen: SeenRun;
  },
): LoadResult {
  const { profile, engagement, options, k6 } = run;
  const { platform, written, plan, seen } = made;
  const { figures, check, usage, window, marks } = seen;
  const levels = engagement.service;
  const cpu = cpuShares(usage, window, figures.transactionsPerSecond);
  const knee = profile.name === "stress" ? kneeOf(figures, levels) : undefined;
  const verdicts = [...verdictsOf(run, seen), ...decisionVerdicts(check)];
  const passed = verdicts.every((verdict) => verdict.passed);
  const { p50Ms, p95Ms, p99Ms, p999Ms } = figures.measured;
  const k6Cores = cpu.find(({ part }) => part === "k6")?.cores ?? 0;
  const measured = {
    p99Ms,
    failedRate: figures.failedRate,
    transactionsPerSecond: figures.transactionsPerSecond,
    p50Ms,
    p95Ms,
    p999Ms,
    lost: check.lost,
    wrong: check.wrong,
    unarchived: check.unarchived,
    archivedAfterMs: check.archivedAfterMs,
    degradedPerTransaction: leftOutInAll(seen.leftOut) / Math.max(1, figures.measured.accepted),
    k6CpuShare: k6Cores / cpus().length,
    apiCpuMicros: cpu.find(({ part }) => part === "scoring-api")?.microsEach ?? null,
    apiMemoryMiB: memoryMax(usage, "scoring-api"),
    ...(profile.name === "stress" ? { kneePerSecond: knee?.duePerSecond ?? 0 } : {}),
  };
  const bytes = Math.round(written.bytesEach) * plan.transactionsPerRequest;
  return {
    profile: profile.name,
    description: profile.description,
    facts: factsOf({
      platform,
      generator: `${k6.label} (${k6.from})`,
      payload: `${bytes} bytes a request, ${written.count} different transactions, ${written.cards}`,
      arrivals:
        options.arrivals === "poisson" ? `Poisson, seed ${options.seed}, open loop` : "even, open loop",
      model: options.model,
    }),
    parts: figures.phases.length > 3 ? [...figures.phases, figures.measured] : figures.phases,
    reasons: figures.reasons,
    leftOut: seen.leftOut,
    cpu,
    usage,
    taken: takenShares(usage, window),
    check,
    verdicts,
    curve: figures.curve,
    marks,
    promisedMs: levels.scoringLatencyP99Ms,
    notes: notesOf(run, { measured, knee: knee?.duePerSecond }),
    report: reportOf(profile.name, measured, passed),
  };
}

function verdictsOf(run: PreparedRun, seen: SeenRun): readonly Verdict[] {
  const { profile, engagement } = run;
  const levels = engagement.service;
  const held = profile.held ? serviceLevelVerdicts(seen.figures, levels) : [];
  switch (profile.name) {
    case "spike":
      return spikeVerdicts(seen.figures, levels);
    case "faults":
      return faultVerdicts(seen, levels);
    case "soak":
      return [...held, ...flatVerdicts(seen.figures, seen.usage, "scoring-api")];
    case "swap": {
      const memory = memoryAround(seen);
      const { swaps } = seen;
      return [...held, ...swapVerdicts(seen.figures, { asked: seen.marks.length, swaps, memory })];
    }
    case "smoke":
    case "sla":
    case "sla-10k":
    case "sla-10k-batch":
    case "stress":
    case "stream":
      return held;
    default:
      return profile.name satisfies never;
  }
}

/** The API's, when the first swaps have brought in code and stacks that stay, and after the last. */
function memoryAround({ usage, window, marks }: SeenRun): {
  readonly beforeMiB: number;
  readonly afterMiB: number;
} {
  const { swapsUntilSettled, swapSettleSeconds } = loadLimits;
  const [settledMs = window.toMs, lastMs = window.toMs] = [marks[swapsUntilSettled], marks.at(-1)].map(
    (mark) => window.fromMs + (mark?.atSeconds ?? 0) * 1000,
  );
  const toMs = settledMs + swapSettleSeconds * 1000;
  return {
    beforeMiB: memoryMedian(usage, "scoring-api", { fromMs: settledMs, toMs }),
    afterMiB: memoryMedian(usage, "scoring-api", { fromMs: lastMs, toMs: window.toMs }),
  };
}

function notesOf(
  run: PreparedRun,
  seen: {
    readonly measured: { readonly k6CpuShare: number; readonly degradedPerTransaction: number };
    readonly knee: number | undefined;
  },
): readonly string[] {
  const { profile, options } = run;
  const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
  return [
    `k6 itself used ${share(seen.measured.k6CpuShare)} of the machine.`,
    `Degraded: ${seen.measured.degradedPerTransaction.toFixed(2)} parts left out for each transaction.`,
    ...(profile.name === "stress"
      ? [`The knee: the promise holds up to ${(seen.knee ?? 0).toFixed(0)} transactions a second.`]
      : []),
    ...(options.ratePerSecond === undefined
      ? []
      : ["The rate was given by hand: this is not the profile's gate."]),
  ];
}

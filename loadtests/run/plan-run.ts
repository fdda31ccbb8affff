import type { ServiceLevels } from "@tollgate/engagement";
import {
  answerMetric,
  failedMetric,
  failureReasons,
  type LoadPhase,
  type LoadPlan,
} from "../k6/load-plan.ts";
import { requestsBeforeSlots } from "../k6/poisson-arrivals.ts";
import { dueRequests } from "./due-requests.ts";
import { LoadError } from "./load-error.ts";
import { loadLimits } from "./limits.ts";
import type { Profile, Step } from "./profiles.ts";

/** The phases of a run and what they add up to. */
export interface Schedule {
  readonly phases: readonly LoadPhase[];
  /** Transactions that are due in all phases together, warm-up and all. */
  readonly transactions: number;
  readonly measuredTransactions: number;
  readonly seconds: number;
  readonly bucketSeconds: number;
}

export interface ScheduleOptions {
  readonly profile: Profile;
  readonly levels: ServiceLevels;
  readonly cores: number;
  readonly forSeconds: number | undefined;
  readonly ratePerSecond: number | undefined;
  /** Of Poisson arrivals; undefined: requests come evenly. */
  readonly arrivalsSeed: number | undefined;
}

/** @throws LoadError when the machine is too small for the profile. */
export function scheduleOf(options: ScheduleOptions): Schedule {
  const { profile, levels, cores } = options;
  if (profile.coresMin !== undefined && cores < profile.coresMin) {
    throw new LoadError(
      `${profile.name} needs ${profile.coresMin} cores and this machine has ${cores}: the service, Kafka, ` +
        "Redis, PostgreSQL and k6 share them, and " +
        `${levels.transactionsPerSecond} requests a second cost k6 alone 1.5. ` +
        "Here, run sla (the same promise for each core) or sla-10k-batch.",
    );
  }
  const rate = options.ratePerSecond ?? profile.rate(levels, cores);
  const steps = profile.steps(options.forSeconds ?? profile.seconds, rate);
  const [first] = steps;
  const phases: LoadPhase[] = [];
  let startSeconds = 0;
  let firstNumber = 0;
  for (const step of [...warmUp(first?.transactionsPerSecond ?? rate), ...steps]) {
    const even = phaseOf(step, { profile, levels, startSeconds, firstNumber });
    const { arrivalsSeed } = options;
    const phase = arrivalsSeed === undefined ? even : withPoisson(even, arrivalsSeed + phases.length);
    phases.push(phase);
    startSeconds += step.seconds;
    firstNumber += requestsAtMost(phase) * profile.transactionsPerRequest;
  }
  const transactionsOf = (phase: LoadPhase): number => dueRequests(phase) * profile.transactionsPerRequest;
  const measured = phases.filter(({ kind }) => kind === "measured");
  const measuredSeconds = measured.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    phases,
    transactions: firstNumber,
    measuredTransactions: measured.reduce((sum, phase) => sum + transactionsOf(phase), 0),
    seconds: startSeconds,
    bucketSeconds: Math.max(1, Math.ceil(measuredSeconds / loadLimits.buckets)),
  };
}

function warmUp(rate: number): readonly Step[] {
  const half = { seconds: loadLimits.warmUpHalfSeconds, transactionsPerSecond: Math.ceil(rate / 2) };
  const full = { seconds: loadLimits.warmUpFullSeconds, transactionsPerSecond: rate };
  return [
    { name: "warm-up-half", kind: "warm-up", ...half },
    { name: "warm-up-full", kind: "warm-up", ...full },
  ];
}

function phaseOf(
  step: Step,
  place: {
    readonly profile: Profile;
    readonly levels: ServiceLevels;
    readonly startSeconds: number;
    readonly firstNumber: number;
  },
): LoadPhase {
  const { profile, levels, startSeconds, firstNumber } = place;
  const requestsPerSecond = Math.max(
    1,
    Math.round(step.transactionsPerSecond / profile.transactionsPerRequest),
  );
  const pauseMs = levels.scoringLatencyP99Ms * loadLimits.usersPromises;
  const inPause = Math.ceil((requestsPerSecond * pauseMs) / 1000);
  const users = Math.max(loadLimits.usersMin, profile.usersMin ?? 0, inPause);
  return {
    name: step.name,
    kind: step.kind,
    startSeconds,
    seconds: step.seconds,
    requestsPerSecond,
    firstNumber,
    users: Math.min(users, loadLimits.usersMax),
    usersMax: Math.min(Math.max(users, requestsPerSecond), loadLimits.usersMax),
  };
}

/** The same rate in slots, as many of them unanswered at most as there were requests. */
function withPoisson(phase: LoadPhase, seed: number): LoadPhase {
  const slotsPerSecond = Math.ceil(phase.requestsPerSecond / loadLimits.requestsPerSlot);
  const mean = phase.requestsPerSecond / slotsPerSecond;
  // One more than that: the slot that is going on.
  const usersOf = (requests: number): number => Math.ceil(requests / mean) + 1;
  const count = slotsPerSecond * phase.seconds;
  return {
    ...phase,
    poisson: { seed, slotsPerSecond, count, mean, emptyShare: Math.exp(-mean) },
    users: usersOf(phase.users),
    usersMax: usersOf(phase.usersMax),
  };
}

/** Room for a few more than are due: the executor may begin one request, or slot, at either end. */
function requestsAtMost(phase: LoadPhase): number {
  const inSlots = phase.poisson === undefined ? undefined : requestsBeforeSlots(phase.poisson).at(-1);
  return inSlots ?? dueRequests(phase) + 10;
}

/**
 * k6's thresholds: the service levels where the profile is held to them, and the report's steps in time.
 * @param options.runners k6 processes that share the load: each counts its own failures, so it has its part
 * of those that are allowed. A percentile is each one's own: where all keep it, the whole does.
 */
export function thresholdsOf(options: {
  readonly profile: Profile;
  readonly levels: ServiceLevels;
  readonly schedule: Schedule;
  readonly runners?: number;
}): LoadPlan["thresholds"] {
  const { profile, levels, schedule, runners = 1 } = options;
  const thresholds: Record<string, readonly string[]> = {};
  const failuresMax = Math.floor((schedule.measuredTransactions * (1 - levels.availabilityShare)) / runners);
  const dropsMax = Math.floor(failuresMax / profile.transactionsPerRequest);
  const held = (condition: string, otherwise: string): readonly string[] => [
    profile.held ? condition : otherwise,
  ];
  const all = "{kind:measured}";
  thresholds[`${answerMetric}${all}`] = held(`p(99)<${levels.scoringLatencyP99Ms}`, "max>=0");
  thresholds[`${failedMetric}${all}`] = held(`count<=${failuresMax}`, "count>=0");
  for (const reason of failureReasons) thresholds[`${failedMetric}{reason:${reason}}`] = ["count>=0"];
  // A threshold that always holds: the only way to have k6 keep the figures of a part by themselves.
  for (const phase of schedule.phases) {
    const tags = `{phase:${phase.name}}`;
    thresholds[`${answerMetric}${tags}`] = ["max>=0"];
    thresholds[`${failedMetric}${tags}`] = ["count>=0"];
    // k6 gives what it drops the scenario's name and no other tag.
    const drops = `dropped_iterations{scenario:${phase.name}}`;
    if (phase.kind === "warm-up") {
      thresholds[drops] = ["count>=0"];
      continue;
    }
    // Of Poisson arrivals it drops slots.
    const iterationsMax = Math.floor(dropsMax / (phase.poisson?.mean ?? 1));
    thresholds[drops] = held(`count<=${iterationsMax}`, "count>=0");
    for (let bucket = 0; bucket * schedule.bucketSeconds < phase.seconds; bucket += 1) {
      const step = `{phase:${phase.name},bucket:${bucket}}`;
      thresholds[`${answerMetric}${step}`] = ["max>=0"];
      thresholds[`${failedMetric}${step}`] = ["count>=0"];
    }
  }
  return thresholds;
}

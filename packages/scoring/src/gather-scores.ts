import type { BaseTransaction } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import { ScoringError } from "./errors.ts";
import { scoringLimits } from "./limits.ts";
import { isOfAll, scoreEach } from "./score-transactions.ts";
import type { Outcome, ScoreRequest } from "./score-request.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** Scores transactions of concurrent callers together. */
export interface ScoreGatherer<T extends BaseTransaction> {
  /**
   * As `scoreOutcomes`, of at most `gatherTransactions`. Rejects at once with REJECTED when those before
   * it, by the time that batches took lately, leave none for it.
   */
  score(requests: readonly ScoreRequest<T>[], deadline: Deadline): Promise<readonly Outcome[]>;
}

/** One caller. */
interface Waiting<T extends BaseTransaction> {
  readonly requests: readonly ScoreRequest<T>[];
  readonly deadline: Deadline;
  /** In the order of the requests; all of them when `open` is 0. */
  readonly outcomes: Outcome[];
  open: number;
  failure: ScoringError | undefined;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

interface GatherState<T extends BaseTransaction> {
  readonly plan: ScoringPlan<T>;
  waiting: Waiting<T>[];
  /** Transactions of all who wait. */
  waitingTransactions: number;
  runs: number;
  /** What one batch took lately. */
  runMicros: number;
  lastCallMicros: number;
  /** While those who wait are waiting for company. */
  company: NodeJS.Timeout | undefined;
}

/**
 * What arrives in one turn of the event loop goes together. Who comes long after the last one goes at once;
 * who follows closely waits for company, since more will come: `gatherMs`, or as long as a batch takes
 * lately, up to `gatherLongestMs`. At most `gatherRuns` batches are on their way. So one caller alone never
 * waits, and under load one Redis command, one model run and one record batch serve many.
 */
export function gatherScores<T extends BaseTransaction>(plan: ScoringPlan<T>): ScoreGatherer<T> {
  const state: GatherState<T> = {
    plan,
    waiting: [],
    waitingTransactions: 0,
    runs: 0,
    runMicros: 0,
    lastCallMicros: Number.NEGATIVE_INFINITY,
    company: undefined,
  };
  return {
    score(requests, deadline) {
      const { length } = requests;
      if (length > scoringLimits.gatherTransactions) {
        return Promise.reject(new RangeError(`at most ${scoringLimits.gatherTransactions} transactions`));
      }
      if (length === 0) return Promise.resolve([]);
      if (isTooLate(state, length, deadline)) {
        plan.observer.rejected(length);
        return Promise.reject(new ScoringError("REJECTED"));
      }
      return new Promise((resolve, reject) => {
        const waiting = { requests, deadline, outcomes: [], open: length, failure: undefined };
        state.waiting.push({ ...waiting, resolve, reject });
        state.waitingTransactions += length;
        startSoon(state, deadline);
      });
    },
  };
}

/**
 * A caller who finds a free run or a place in the next batch is never refused: a machine that stalls for a
 * moment is slow, not full, and only a run can correct what runs are thought to take.
 */
function isTooLate<T extends BaseTransaction>(
  state: GatherState<T>,
  length: number,
  deadline: Deadline,
): boolean {
  const { gatherTransactions, gatherRuns, gatherWaiting } = scoringLimits;
  const waiting = state.waitingTransactions + length - 1;
  if (waiting >= gatherWaiting) return true;
  if (state.runs < gatherRuns || waiting < gatherTransactions) return false;
  // One of the runs ends, on average, after its share of a run's time; then come those that wait already.
  const turnsBefore = (Math.floor(waiting / gatherTransactions) + 1) / gatherRuns;
  const alone = state.runMicros / 1000;
  const remainingMs = deadline.remainingMs();
  // Who has no time even without the others is not refused: the rules answer.
  return alone <= remainingMs && alone * (turnsBefore + 1) > remainingMs;
}

function startSoon<T extends BaseTransaction>(state: GatherState<T>, deadline: Deadline): void {
  const { gatherTransactions, gatherShareOfDeadline } = scoringLimits;
  const windowMs = gatherWindowMs(state);
  const nowMicros = state.plan.clock.monotonicMicros();
  const alone = nowMicros - state.lastCallMicros >= windowMs * 1000;
  state.lastCallMicros = nowMicros;
  if (state.waitingTransactions >= gatherTransactions) endWait(state);
  else if (state.company !== undefined) return;
  else if (!alone) {
    const waitMs = Math.min(windowMs, leftMs({ deadline }) * gatherShareOfDeadline);
    state.company = setTimeout(() => {
      endWait(state);
      start(state);
    }, waitMs);
    return;
  }
  start(state);
}

/** As long as a batch takes lately: a machine that is busy gets fewer and larger ones. */
function gatherWindowMs<T extends BaseTransaction>({ runMicros }: GatherState<T>): number {
  const { gatherMs, gatherLongestMs } = scoringLimits;
  return Math.min(Math.max(gatherMs, runMicros / 1000), gatherLongestMs);
}

function endWait<T extends BaseTransaction>(state: GatherState<T>): void {
  clearTimeout(state.company);
  state.company = undefined;
}

function start<T extends BaseTransaction>(state: GatherState<T>): void {
  if (state.runs >= scoringLimits.gatherRuns) return;
  state.runs += 1;
  setImmediate(() => void run(state));
}

async function run<T extends BaseTransaction>(state: GatherState<T>): Promise<void> {
  const { plan } = state;
  // Who still waits for company starts a run when it is there.
  while (state.company === undefined) {
    const calls = takeBatch(state);
    const [first] = calls;
    if (first === undefined) break;
    const startMicros = plan.clock.monotonicMicros();
    await scoreCalls(plan, calls, first.deadline);
    const micros = plan.clock.monotonicMicros() - startMicros;
    state.runMicros += (micros - state.runMicros) * scoringLimits.gatherTimeWeight;
  }
  state.runs -= 1;
}

/**
 * The oldest callers. One with much more or much less time than the first waits for a batch of its own kind:
 * the tightest deadline of a batch is everybody's.
 */
function takeBatch<T extends BaseTransaction>(state: GatherState<T>): readonly Waiting<T>[] {
  const { waiting } = state;
  const taken: Waiting<T>[] = [];
  const left: Waiting<T>[] = [];
  const leastMs = leftMs(waiting[0]);
  let transactions = 0;
  let next = 0;
  for (; next < waiting.length; next += 1) {
    const call = waiting[next];
    if (call === undefined || transactions + call.requests.length > scoringLimits.gatherTransactions) break;
    const remainingMs = leftMs(call);
    const alike = next === 0 || (remainingMs >= leastMs / 2 && remainingMs <= leastMs * 2);
    (alike ? taken : left).push(call);
    if (alike) transactions += call.requests.length;
  }
  for (const call of waiting.slice(next)) left.push(call);
  state.waiting = left;
  state.waitingTransactions -= transactions;
  return taken;
}

/** All who have no time left are of one kind: taken one by one, each would make the next ones later. */
function leftMs(call: { readonly deadline: Deadline } | undefined): number {
  return Math.max(0, call?.deadline.remainingMs() ?? 0);
}

async function scoreCalls<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  calls: readonly Waiting<T>[],
  first: Deadline,
): Promise<void> {
  const tightest = calls.reduce((least, { deadline }) => earlier(least, deadline), first);
  const owners = calls.flatMap((call) => call.requests.map((_request, position) => ({ call, position })));
  const requests = calls.flatMap((call) => call.requests);
  try {
    await scoreEach(plan, requests, {
      deadline: tightest,
      tell(position, outcome) {
        const owner = owners[position];
        if (owner !== undefined) settle(owner.call, owner.position, outcome);
      },
    });
  } catch (error) {
    // A fault of ours; whoever has its answer already keeps it.
    for (const { reject } of calls) reject(error);
  }
}

/** A caller has its answers when the last one is there; one that failed fails them all. */
function settle<T extends BaseTransaction>(call: Waiting<T>, position: number, outcome: Outcome): void {
  if (isOfAll(outcome)) call.failure ??= outcome;
  else call.outcomes[position] = outcome;
  call.open -= 1;
  if (call.open > 0) return;
  if (call.failure === undefined) call.resolve(call.outcomes);
  else call.reject(call.failure);
}

function earlier(one: Deadline, other: Deadline): Deadline {
  return other.remainingMs() < one.remainingMs() ? other : one;
}

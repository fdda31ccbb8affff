import type { BaseTransaction, Stage } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import { openBatch, refuseTakenIds, type Batch, type Row } from "./batch.ts";
import { computeVectors } from "./compute-vectors.ts";
import { ScoringError } from "./errors.ts";
import { scoringLimits } from "./limits.ts";
import { predictScores } from "./predict-scores.ts";
import { recallStates } from "./recall-states.ts";
import { decideAndRecord } from "./record-decisions.ts";
import { rememberStates } from "./remember-states.ts";
import { resumeClaims } from "./resume-claims.ts";
import type { Outcome, ScoreRequest, Scored } from "./score-request.ts";
import type { ScoringPlan } from "./scoring-plan.ts";
import { noteStep, noteWork } from "./trace-steps.ts";

/** Microseconds spent in each stage, by the whole batch. */
export type StageMicros = Record<Stage, number>;

/**
 * The way of a transaction. HTTP, batch and Kafka all come through here.
 * @param requests at most {@link scoringLimits.batchTransactions}, in the order in which they count.
 * @param deadline by which answers must be out; undefined when nobody waits (Kafka).
 * @returns one answer for each request, in order. Whatever was late or down is named in `degraded`.
 * @throws ScoringError NOT_RECORDED or STILL_IN_PROGRESS: at least one has no decision; REJECTED (the model
 * would be late because of others) or CANCELED: that one was not counted either; TRANSACTION_ID_TAKEN.
 */
export async function scoreTransactions<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  requests: readonly ScoreRequest<T>[],
  deadline?: Deadline,
): Promise<readonly Scored[]> {
  const outcomes = await scoreOutcomes(plan, requests, deadline);
  return outcomes.map((outcome) => {
    if (outcome instanceof ScoringError) throw outcome;
    return outcome;
  });
}

/**
 * The same, where an id that is taken (TRANSACTION_ID_TAKEN) is the outcome of its own request: it will never
 * be decided, and the others are.
 * @throws ScoringError every other one, as above.
 */
export async function scoreOutcomes<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  requests: readonly ScoreRequest<T>[],
  deadline?: Deadline,
): Promise<readonly Outcome[]> {
  const predictor = requests[0]?.predictor ?? plan.predictor;
  if (deadline !== undefined && predictor.refusal(requests.length, deadline) !== undefined) {
    throw new ScoringError("REJECTED");
  }
  const outcomes: Outcome[] = [];
  let failure: ScoringError | undefined;
  await scoreEach(plan, requests, {
    deadline,
    tell(position, outcome) {
      if (isOfAll(outcome)) failure ??= outcome;
      else outcomes[position] = outcome;
    },
  });
  if (failure !== undefined) throw failure;
  return outcomes;
}

/** Whether it leaves the caller's other transactions without an answer: sent again, all may have one. */
export function isOfAll(outcome: Outcome): outcome is ScoringError {
  return outcome instanceof ScoringError && outcome.code !== "TRANSACTION_ID_TAKEN";
}

/** Who waits for the answers. */
export interface Listener {
  readonly deadline: Deadline | undefined;
  /** Told of each request once, as soon as its outcome is known: resuming a claim delays nobody else. */
  readonly tell: (position: number, outcome: Outcome) => void;
}

/** The same, each request with an outcome of its own. Rejects only for a fault of ours. */
export async function scoreEach<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  requests: readonly ScoreRequest<T>[],
  listener: Listener,
): Promise<void> {
  if (requests.length > scoringLimits.batchTransactions) {
    throw new RangeError(`at most ${scoringLimits.batchTransactions} transactions in one call`);
  }
  const batch = openBatch(plan, requests);
  const { deadline } = listener;
  const micros: StageMicros = { recall: 0, compute: 0, predict: 0, decide: 0, record: 0 };
  const tell = teller(batch, requests, listener);
  await countAndDecide(plan, batch.rows, { deadline, micros, tell, attempt: 1 });
}

interface CountContext {
  readonly deadline: Deadline | undefined;
  readonly micros: StageMicros;
  readonly tell: () => void;
  readonly attempt: number;
}

/** Cards that another writer changed meanwhile, and claims to resume, delay nobody but themselves. */
async function countAndDecide<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  context: CountContext,
): Promise<void> {
  const { deadline, micros, tell, attempt } = context;
  const again = await count(plan, rows, context);
  const ways: Promise<void>[] = [];
  if (again.length > 0) {
    ways.push(countAndDecide(plan, again, { ...context, micros: { ...micros }, attempt: attempt + 1 }));
  }
  const settled = again.length === 0 ? rows : rows.filter((row) => !again.includes(row));
  const claimed = settled.filter((row) => row.claim !== null && row.scored === null && row.failure === null);
  if (claimed.length > 0) ways.push(resumeAndDecide(plan, claimed, { deadline, micros }).then(tell));
  const counted = claimed.length === 0 ? settled : settled.filter((row) => row.claim === null);
  ways.push(decideAndRecord(plan, counted, micros).then(tell));
  await Promise.all(ways);
}

async function resumeAndDecide<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  context: { readonly deadline: Deadline | undefined; readonly micros: StageMicros },
): Promise<void> {
  const micros = { ...context.micros };
  await resumeClaims(plan, rows, { deadline: context.deadline, micros });
  await decideAndRecord(plan, rows, micros);
}

/**
 * Recall, compute, then predict while states are written.
 * @returns rows to be counted again, as another writer changed their card.
 */
async function count<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  { deadline, micros, attempt }: CountContext,
): Promise<readonly Row<T>[]> {
  const recalled = await timed(plan, rows, micros, "recall", () => recallStates(plan, rows, deadline));
  const present = attempt === 1 ? withoutGone(plan, rows) : rows;
  refuseTakenIds(present);
  const fresh = present.filter((row) => row.claim === null && row.scored === null && row.failure === null);
  const states = await timed(plan, fresh, micros, "compute", () => computeVectors(plan, recalled, fresh));
  const [conflicted] = await Promise.all([
    noteWork(
      plan,
      fresh,
      "remember",
      rememberStates(plan, states, { generation: recalled.generation, deadline }),
    ),
    timed(plan, fresh, micros, "predict", () => predictScores(plan, fresh, deadline)),
  ]);
  if (conflicted.length === 0) return [];
  plan.observer.stateConflicts(conflicted.length);
  if (deadline?.expired() !== true && attempt < scoringLimits.rememberAttempts) return conflicted;
  for (const row of conflicted) row.degraded.add("state-write");
  return [];
}

/**
 * From here on a transaction counts, and has its score even when nobody waits: who hangs up must not get the
 * rules instead of the model for the same transaction sent again.
 */
function withoutGone<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
): readonly Row<T>[] {
  let gone = 0;
  for (const row of rows) {
    if (!row.requests.every(({ isGone }) => isGone?.() === true)) continue;
    row.failure = new ScoringError("CANCELED");
    gone += 1;
  }
  if (gone === 0) return rows;
  plan.observer.canceled(gone);
  return rows.filter((row) => row.failure === null);
}

/** Adds the time that a stage took to its sum, and notes it where one of the rows is traced. */
async function timed<T extends BaseTransaction, R>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  micros: StageMicros,
  stage: "recall" | "compute" | "predict",
  work: () => R | Promise<R>,
): Promise<R> {
  const startMicros = plan.clock.monotonicMicros();
  const result = await work();
  const endMicros = plan.clock.monotonicMicros();
  micros[stage] += endMicros - startMicros;
  noteStep(rows, stage, startMicros, endMicros);
  return result;
}

/** Tells the listener of every outcome that is known by now and was not told before. */
function teller<T extends BaseTransaction>(
  batch: Batch<T>,
  requests: readonly ScoreRequest<T>[],
  listener: Listener,
): () => void {
  const told = new Uint8Array(requests.length);
  return () => {
    for (const [position, row] of batch.rowOfRequest.entries()) {
      const outcome = row.failure ?? row.scored;
      if (outcome === null || told[position] === 1) continue;
      told[position] = 1;
      const first = outcome instanceof ScoringError || row.request === requests[position];
      listener.tell(position, first ? outcome : { ...outcome, repeated: true });
    }
  };
}

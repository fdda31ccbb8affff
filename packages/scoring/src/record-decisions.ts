import { answerOf, encodeVector, type BaseTransaction, type DecisionRecord } from "@tollgate/contracts";
import type { DecisionEntry } from "@tollgate/feature-store";
import type { Row } from "./batch.ts";
import { ScoringError } from "./errors.ts";
import type { StageMicros } from "./score-transactions.ts";
import type { ScoringPlan } from "./scoring-plan.ts";
import { noteStep, openRecordSteps } from "./trace-steps.ts";

/**
 * Decides every row that has no decision yet and makes the decisions durable: in the log, or in the outbox.
 * Only then is anything answered; what could not be recorded has the failure NOT_RECORDED.
 */
export async function decideAndRecord<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  micros: StageMicros,
): Promise<void> {
  const undecided = rows.filter((row) => row.scored === null && row.failure === null);
  if (undecided.length === 0) return;
  const startMicros = plan.clock.monotonicMicros();
  const records = undecided.map((row) => decisionOf(plan, row, micros));
  const decidedMicros = plan.clock.monotonicMicros();
  micros.decide += decidedMicros - startMicros;
  for (const record of records) record.stageMicros.decide = Math.round(micros.decide);
  noteStep(undecided, "decide", startMicros, decidedMicros);
  const traced = openRecordSteps(undecided, records, decidedMicros);
  let place: "log" | "outbox";
  try {
    place = await plan.sink.append(records, traced?.headers);
  } catch (error) {
    traced?.end(plan.clock.monotonicMicros(), "none");
    for (const row of undecided) row.failure = new ScoringError("NOT_RECORDED", error);
    return;
  }
  const recordedMicros = plan.clock.monotonicMicros();
  micros.record += recordedMicros - decidedMicros;
  traced?.end(recordedMicros, place);
  const stored = place === "log" ? "logged" : "outbox";
  const entries: DecisionEntry[] = [];
  for (const [position, row] of undecided.entries()) {
    const record = records[position];
    if (record === undefined) continue;
    const answer = finalAnswer(record, place, micros);
    for (const part of answer.degraded) plan.observer.degraded(part);
    const json = JSON.stringify(answer);
    row.scored = { answer, json, repeated: false };
    const { transactionId } = answer;
    entries.push({ transactionId, partitionKey: row.partitionKey, place: stored, answer: json });
  }
  plan.firstDecisions.keep(entries);
  observe(plan, records, micros);
}

type MutableRecord = DecisionRecord & { readonly stageMicros: StageMicros };

function decisionOf<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  row: Row<T>,
  micros: StageMicros,
): MutableRecord {
  const { decisions, engagement, featureSet } = plan.engagement;
  const { transaction, source } = row.request;
  const verdict = decisions.decide({
    transaction,
    vector: row.vector,
    offset: 0,
    score: row.score,
    thresholds: row.version?.thresholds ?? null,
  });
  return {
    schema: "tollgate.decision.v1",
    transactionId: transaction.id,
    partitionKey: row.partitionKey,
    source,
    occurredAt: transaction.occurredAt,
    decidedAt: new Date(plan.clock.nowMs()).toISOString(),
    outcome: verdict.outcome,
    score: row.score,
    rung: row.score === null ? "rules" : "model",
    reasons: verdict.reasons,
    model: row.version?.reference ?? null,
    featureSet: featureSet.hash,
    rulesVersion: decisions.rulesVersion,
    degraded: [...row.degraded],
    statesRead: row.statesRead,
    // Perhaps written, perhaps not: the claim tells whoever applies the log.
    generation: row.degraded.has("state-write") ? 0 : row.generation,
    layout: plan.store.layout,
    // A sequence behind the features is read again from the log's states: it would triple the record.
    vector: encodeVector(row.vector.subarray(0, featureSet.size)),
    stageMicros: {
      recall: Math.round(micros.recall),
      compute: Math.round(micros.compute),
      predict: Math.round(micros.predict),
      decide: 0,
      record: 0,
    },
    transaction: engagement.transaction.toWire(transaction),
  };
}

/** The answer also says how long recording took, which the record itself cannot know. */
function finalAnswer(
  record: DecisionRecord,
  place: "log" | "outbox",
  micros: StageMicros,
): ReturnType<typeof answerOf> {
  const answer = answerOf(record);
  return {
    ...answer,
    degraded: place === "outbox" ? [...answer.degraded, "event-log"] : answer.degraded,
    stageMicros: { ...answer.stageMicros, record: Math.round(micros.record) },
  };
}

function observe<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  records: readonly DecisionRecord[],
  micros: StageMicros,
): void {
  for (const { outcome, source, rung } of records) plan.observer.decided({ outcome, source, rung });
  plan.observer.stage("recall", micros.recall);
  plan.observer.stage("compute", micros.compute);
  plan.observer.stage("predict", micros.predict);
  plan.observer.stage("decide", micros.decide);
  plan.observer.stage("record", micros.record);
}

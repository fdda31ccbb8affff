import {
  deadLetterKeyMaxBytes,
  deadLetterValueMaxBytes,
  type BaseTransaction,
  type DeadLetter,
  type DeadLetterReason,
  type Fault,
} from "@tollgate/contracts";
import {
  decodeJsonValue,
  type ConsumedBatch,
  type ConsumedMessage,
  type JsonProducer,
} from "@tollgate/event-log";
import {
  scoreOutcomes,
  ScoringError,
  scoringLimits,
  type Outcome,
  type ScoreRequest,
  type ModelVersions,
  type Predictor,
  type ScoringPlan,
} from "@tollgate/scoring";
import type { Trace, Tracing } from "@tollgate/telemetry";
import { consumerAppLimits } from "./limits.ts";
import {
  settleSubmissions,
  submittedOf,
  type Settled,
  type SettleParts,
  type Submitted,
} from "./submitted.ts";

export interface TransactionConsumer extends SettleParts {
  readonly models: Pick<ModelVersions, "choose">;
  readonly plan: ScoringPlan<BaseTransaction>;
  readonly deadLetters: JsonProducer;
  /** Undefined while tracing is off. */
  readonly tracing?: Tracing | undefined;
}

/**
 * Scores one batch of a partition, in order. What is not a transaction goes to the dead-letter topic with the
 * reason. Resolves when everything is durable; rejects when not: the same batch comes again, and counts once.
 */
export async function consumeTransactions(
  consumer: TransactionConsumer,
  batch: ConsumedBatch,
): Promise<void> {
  const { messages } = batch;
  for (let from = 0; from < messages.length; from += scoringLimits.batchTransactions) {
    const part = messages.slice(from, from + scoringLimits.batchTransactions);
    await scorePart(consumer, batch, part);
  }
}

async function scorePart(
  consumer: TransactionConsumer,
  batch: ConsumedBatch,
  messages: readonly ConsumedMessage[],
): Promise<void> {
  const { plan, telemetry, deadLetters } = consumer;
  const startMicros = plan.clock.monotonicMicros();
  const requests: ScoreRequest<BaseTransaction>[] = [];
  const asked: Asked[] = [];
  const refused: Refused[] = [];
  for (const message of messages) {
    const submitted = submittedOf(message);
    const trace = beginTrace(consumer, message);
    const parsed = parseTransaction(consumer, message.value, submitted);
    trace?.step("validate", { startMicros: trace.startMicros, endMicros: plan.clock.monotonicMicros() });
    if (parsed.ok) {
      const { transaction, predictor } = parsed;
      requests.push({ transaction, source: "kafka", trace, predictor });
      asked.push({ message, submitted });
      continue;
    }
    refused.push(refusalOf(consumer, batch, { message, submitted }, parsed));
  }
  const outcomes = await scoreTraced(consumer, batch.topic, requests);
  const decided: Settled[] = [];
  for (const [position, one] of asked.entries()) {
    const outcome = outcomes[position];
    if (outcome instanceof ScoringError) refused.push(refusalOf(consumer, batch, one, taken(outcome)));
    else if (outcome !== undefined) decided.push({ submitted: one.submitted, outcome });
  }
  if (refused.length > 0) await deadLetters.send(refused.map(({ letter }) => letter));
  await settleSubmissions(consumer, [...decided, ...refused.map(({ settled }) => settled)]);
  const seconds = (plan.clock.monotonicMicros() - startMicros) / 1_000_000;
  const duration = telemetry.metrics.scoreDuration({ source: "kafka" });
  for (const { outcome } of decided) {
    if ("repeated" in outcome && outcome.repeated) telemetry.metrics.duplicates({ source: "kafka" }).add();
    else duration.observe(seconds);
  }
}

interface Asked {
  readonly message: ConsumedMessage;
  readonly submitted: Submitted;
}

interface Refused {
  readonly letter: { readonly key: Buffer; readonly value: string };
  readonly settled: Settled;
}

/** What can never be decided, for the dead-letter topic and for who asked. */
function refusalOf(
  { plan, telemetry }: TransactionConsumer,
  batch: ConsumedBatch,
  { message, submitted }: Asked,
  { reason, faults }: { readonly reason: DeadLetterReason; readonly faults: readonly Fault[] },
): Refused {
  telemetry.metrics.deadLetters({ reason }).add();
  const letter = deadLetterOf({ batch, message, receivedAtMs: plan.clock.nowMs(), reason, faults });
  return {
    letter: {
      key: (message.key ?? Buffer.alloc(0)).subarray(0, deadLetterKeyMaxBytes),
      value: JSON.stringify(letter),
    },
    settled: { submitted, outcome: { reason, faults } },
  };
}

function taken({ message }: ScoringError): { reason: DeadLetterReason; faults: readonly Fault[] } {
  return { reason: "TRANSACTION_ID_TAKEN", faults: [{ path: "/id", message }] };
}

/** A record that was there before it was fetched: its wait in the topic is not part of the trace. */
function beginTrace({ plan, tracing }: TransactionConsumer, { headers }: ConsumedMessage): Trace | undefined {
  return tracing?.begin({ headers, kind: "consumer", startMicros: plan.clock.monotonicMicros() });
}

async function scoreTraced(
  { plan }: TransactionConsumer,
  topic: string,
  requests: readonly ScoreRequest<BaseTransaction>[],
): Promise<readonly Outcome[]> {
  try {
    const outcomes = await scoreOutcomes(plan, requests);
    for (const [position, outcome] of outcomes.entries()) {
      if (outcome instanceof ScoringError) requests[position]?.trace?.failed(outcome.code);
    }
    return outcomes;
  } catch (error) {
    for (const { trace } of requests) trace?.failed(error instanceof ScoringError ? error.code : "INTERNAL");
    throw error;
  } finally {
    const endMicros = plan.clock.monotonicMicros();
    for (const { trace } of requests) trace?.end(endMicros, { "messaging.destination.name": topic });
  }
}

type ParsedMessage =
  | { readonly ok: true; readonly transaction: BaseTransaction; readonly predictor: Predictor | undefined }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly faults: readonly Fault[] };

function parseTransaction(
  { plan, models }: TransactionConsumer,
  value: Buffer | null,
  { model }: Submitted,
): ParsedMessage {
  const json = decodeJsonValue(value, { maxBytes: consumerAppLimits.transactionBytes });
  if (!json.ok) return { ok: false, reason: json.reason, faults: [{ path: "", message: json.message }] };
  const parsed = plan.engagement.engagement.transaction.parse(json.value, plan.clock.nowMs());
  if (!parsed.ok) {
    const faults = parsed.faults.slice(0, consumerAppLimits.faultsPerDeadLetter);
    return { ok: false, reason: "INVALID", faults };
  }
  const predictor = model === undefined ? undefined : chosenPredictor(models, model);
  if (model === undefined || predictor !== undefined)
    return { ok: true, transaction: parsed.value, predictor };
  const message = `the version "${model}" was chosen, and is not loaded here`;
  return { ok: false, reason: "MODEL_NOT_LOADED", faults: [{ path: "", message }] };
}

/** What cannot be a reference is not loaded either. */
function chosenPredictor(models: TransactionConsumer["models"], reference: string): Predictor | undefined {
  try {
    return models.choose(reference)?.predictor;
  } catch {
    return undefined;
  }
}

function deadLetterOf(refusal: {
  readonly batch: ConsumedBatch;
  readonly message: ConsumedMessage;
  readonly receivedAtMs: number;
  readonly reason: DeadLetterReason;
  readonly faults: readonly Fault[];
}): DeadLetter {
  const value = refusal.message.value ?? Buffer.alloc(0);
  return {
    schema: "tollgate.dead-letter.v1",
    reason: refusal.reason,
    faults: refusal.faults,
    topic: refusal.batch.topic,
    partition: refusal.batch.partition,
    offset: String(refusal.message.offset),
    receivedAt: new Date(refusal.receivedAtMs).toISOString(),
    valueBase64: value.subarray(0, deadLetterValueMaxBytes).toString("base64"),
    valueBytes: value.length,
  };
}

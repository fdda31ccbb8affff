import {
  decodeVector,
  type BaseTransaction,
  type DecisionRecord,
  type LabelledTransaction,
} from "@tollgate/contracts";
import type { DecisionObservation, LabelObservation, ReferenceProfile, VectorFault } from "@tollgate/drift";
import type { Engagement } from "@tollgate/engagement";

/** What the monitor takes from the engagement. */
export type WatchedEngagement = Pick<Engagement<BaseTransaction>, "transaction" | "monitoring" | "policy">;

/** A decision as its model version's counters take it. Total: a vector that cannot be used is named so. */
export function observeDecision(
  record: DecisionRecord,
  profile: ReferenceProfile,
  engagement: WatchedEngagement,
): DecisionObservation {
  return {
    ...vectorOf(record, profile),
    ...transactionOf(record.transaction, profile, engagement),
    occurredAtMs: Date.parse(record.occurredAt),
    score: record.score,
    outcome: record.outcome,
    rung: record.rung,
    statuses: record.statesRead.map(({ status }) => status),
  };
}

/** A change of belief joined to its decision. */
export function observeLabel(
  labelled: LabelledTransaction,
  decision: DecisionRecord,
  profile: ReferenceProfile,
  engagement: WatchedEngagement,
): LabelObservation {
  const { label } = labelled;
  return {
    ...transactionOf(decision.transaction, profile, engagement),
    occurredAtMs: Date.parse(decision.occurredAt),
    labelledAtMs: Date.parse(label.labelledAt),
    source: label.source,
    fraud: label.fraud,
    // The topic says "honest" only to take a fraud back.
    change: label.fraud ? "added" : "corrected",
    score: decision.score,
    outcome: decision.outcome,
  };
}

function transactionOf(
  wire: unknown,
  profile: ReferenceProfile,
  { transaction, monitoring }: WatchedEngagement,
): Pick<DecisionObservation, "attributes" | "valueMinor"> {
  const fields = wire as Readonly<Record<string, unknown>>;
  const attributes = profile.attributes.map(({ field }) => textOf(fields[field]));
  const valueMinor =
    monitoring === undefined ? 0 : Math.round(monitoring.valueMinor(transaction.fromWire(wire)));
  return { attributes, valueMinor: Number.isSafeInteger(valueMinor) ? valueMinor : 0 };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function vectorOf(
  record: DecisionRecord,
  profile: ReferenceProfile,
): { readonly vector: Float32Array | undefined; readonly vectorFault?: VectorFault } {
  const { vector: text, featureSet } = record as { readonly vector?: unknown; readonly featureSet?: unknown };
  if (typeof text !== "string" || text === "") return { vector: undefined, vectorFault: "absent" };
  if (featureSet !== profile.featureSet) return { vector: undefined, vectorFault: "other-feature-set" };
  const vector = decoded(text);
  if (vector === undefined) return { vector: undefined, vectorFault: "undecodable" };
  if (vector.length !== profile.features.length) return { vector: undefined, vectorFault: "wrong-length" };
  return { vector };
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/u;

function decoded(text: string): Float32Array | undefined {
  if (!base64.test(text)) return undefined;
  try {
    return decodeVector(text);
  } catch {
    // Bytes that are not a whole number of float32.
    return undefined;
  }
}

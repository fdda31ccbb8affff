import type { DecisionRecord, Label } from "@tollgate/contracts";
import type { JsonMessage } from "@tollgate/event-log";

export function decisions(first: number, count: number): readonly JsonMessage[] {
  return Array.from({ length: count }, (_, index) => {
    const record = decision(first + index);
    return { key: record.partitionKey, value: JSON.stringify(record) };
  });
}

export function decision(number: number): DecisionRecord {
  return {
    schema: "tollgate.decision.v1",
    transactionId: `tx-${number}`,
    partitionKey: `card-${number % 50}`,
    source: "kafka",
    occurredAt: "2026-03-01T12:00:00.000Z",
    decidedAt: "2026-03-01T12:00:00.050Z",
    outcome: "approve",
    score: 0.01,
    rung: "model",
    reasons: [{ code: "NEW_DEVICE", kind: "rule", description: 'First time with this "device"' }],
    model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
    featureSet: "f".repeat(64),
    rulesVersion: "1",
    degraded: ["features", "event-log"],
    statesRead: [],
    generation: 1,
    vector: "AACAPw==",
    stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
    transaction: { id: `tx-${number}`, merchantName: 'Bäckerei {"x", y} \\ 東京' },
  };
}

export function label(labelId: string, transactionId: string, fraud: boolean): JsonMessage {
  const value: Label = {
    labelId,
    transactionId,
    fraud,
    source: "chargeback",
    labelledAt: "2026-03-09T08:00:00+01:00",
  };
  return { key: transactionId, value: JSON.stringify(value) };
}

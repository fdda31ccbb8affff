import type { LogRecord } from "../src/index.ts";
import { compiled } from "./card-payments.ts";

const startMs = Date.parse("2026-06-01T00:00:00Z");
const partitionCount = 4;

/** A simulated stream as the scoring way would have recorded it; the vectors are made up. */
export function decisionsAsBytes(count: number, customers: number): readonly (readonly LogRecord[])[] {
  const { engagement } = compiled;
  const { transaction: schema } = engagement;
  const partitions: LogRecord[][] = Array.from({ length: partitionCount }, () => []);
  const versions = new Map<string, number>();
  const vector = Buffer.from(new Float32Array(compiled.featureSet.size).fill(1.5).buffer).toString("base64");
  let made = 0;
  for (const { transaction } of engagement.simulate({ seed: 3, startMs, customers, idPrefix: "r" })) {
    const key = compiled.partitionEntity.key(transaction);
    const version = versions.get(key) ?? 0;
    versions.set(key, version + 1);
    const partition = partitions[(versions.size + made) % partitionCount];
    const at = new Date(transaction.occurredAtMs).toISOString();
    const record = {
      schema: "tollgate.decision.v1",
      transactionId: transaction.id,
      partitionKey: key,
      source: "kafka",
      occurredAt: transaction.occurredAt,
      decidedAt: at,
      outcome: "approve",
      score: 0.0123456789,
      rung: "model",
      reasons: [{ code: "AMOUNT", kind: "model", description: "The amount is far from this card's normal." }],
      model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
      featureSet: compiled.featureSet.hash,
      rulesVersion: "0123456789abcdef",
      degraded: [],
      statesRead: compiled.featureSet.entities.map((entity) => ({
        entity: entity.name,
        key: entity.key(transaction),
        version,
        status: "PRESENT",
        ...(entity.consistency === "streamed"
          ? { applied: [made, made, made, made], labelsApplied: 12 }
          : {}),
      })),
      generation: 1,
      vector,
      stageMicros: { recall: 850, compute: 92, predict: 431, decide: 20, record: 0 },
      transaction: schema.toWire(transaction),
    };
    partition?.push({ offset: partition.length, value: Buffer.from(JSON.stringify(record)) });
    made += 1;
    if (made === count) return partitions;
  }
  return partitions;
}

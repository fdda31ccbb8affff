import {
  answerOf,
  type BaseTransaction,
  type DecisionAnswer,
  type DecisionRecord,
} from "@tollgate/contracts";
import { compileEngagement, type Engagement } from "@tollgate/engagement";
import type { Scorer } from "../../src/ports.ts";

export interface MemoryScorer<T extends BaseTransaction> {
  readonly score: Scorer<T>;
  readonly decisions: ReadonlyMap<string, DecisionAnswer>;
}

/** The real engagement's features and rules on cards without a history, decisions kept in memory. */
export function memoryScorer<T extends BaseTransaction>(engagement: Engagement<T>): MemoryScorer<T> {
  const { featureSet, decisions: engine, partitionEntity } = compileEngagement(engagement);
  const decisions = new Map<string, DecisionAnswer>();
  const noStates = featureSet.entities.map(() => null);
  const decide = (transaction: T, source: "http" | "kafka"): DecisionAnswer => {
    const vector = new Float32Array(featureSet.size);
    featureSet.compute(transaction, noStates, vector, 0);
    const verdict = engine.decide({ transaction, vector, offset: 0, score: null, thresholds: null });
    const record: DecisionRecord = {
      schema: "tollgate.decision.v1",
      transactionId: transaction.id,
      partitionKey: partitionEntity.key(transaction),
      source,
      occurredAt: transaction.occurredAt,
      decidedAt: "2026-03-01T12:00:00.000Z",
      outcome: verdict.outcome,
      score: null,
      rung: "rules",
      reasons: verdict.reasons,
      model: null,
      featureSet: featureSet.hash,
      rulesVersion: engine.rulesVersion,
      degraded: ["model"],
      statesRead: [],
      generation: 1,
      vector: Buffer.from(vector.buffer).toString("base64"),
      stageMicros: { recall: 0, compute: 1, predict: 0, decide: 1, record: 0 },
      transaction: engagement.transaction.toWire(transaction),
    };
    return answerOf(record);
  };
  return {
    decisions,
    async score(requests) {
      return requests.map(({ transaction, source }) => {
        const first = decisions.get(transaction.id);
        if (first !== undefined) return { answer: first, json: JSON.stringify(first), repeated: true };
        const answer = decide(transaction, source);
        decisions.set(transaction.id, answer);
        return { answer, json: JSON.stringify(answer), repeated: false };
      });
    },
  };
}

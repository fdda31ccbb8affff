import { encodeVector, type DecisionRecord } from "@tollgate/contracts";
import { createRandom, type Random } from "@tollgate/engagement";
import type { JsonMessage } from "@tollgate/event-log";
import { compiled, profile } from "../test/test-engagement.ts";

/** Different vectors; the rest of a decision is its own. */
const vectors = 4_096;
const cards = 6_000;
const channels = ["card-present", "card-not-present"];
const msBetween = 10_000;
const startMs = Date.UTC(2026, 0, 5);

/** The champion's decisions of an ordinary stream, as they stand in the log. */
export function createDecisionMaker(): (number: number) => JsonMessage {
  const random = createRandom(1, "bench-drift-monitor");
  const drawn = Array.from({ length: vectors }, () =>
    encodeVector(
      Float32Array.from(
        profile.features,
        ({ bins, counts }) => bins.centres[drawFrom(counts.slice(1, -2), random)] ?? 0,
      ),
    ),
  );
  return (number) => {
    const occurredAtMs = startMs + number * msBetween;
    const occurredAt = new Date(occurredAtMs).toISOString();
    const key = `card-${(number * 7_919) % cards}`;
    const record: DecisionRecord = {
      schema: "tollgate.decision.v1",
      transactionId: `bench-tx-${number}`,
      partitionKey: key,
      source: "kafka",
      occurredAt,
      decidedAt: new Date(occurredAtMs + 50).toISOString(),
      outcome: "approve",
      score: (number % 1_000) / 20_000,
      rung: "model",
      reasons: [],
      model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
      featureSet: compiled.featureSet.hash,
      rulesVersion: "1",
      degraded: [],
      statesRead: ["card", "merchant", "terminal"].map((entity) => ({
        entity,
        key: `${entity}-${number % cards}`,
        version: number,
        status: "PRESENT",
      })),
      generation: 1,
      vector: drawn[number % vectors] ?? "",
      stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
      transaction: {
        ...compiled.engagement.transaction.example(occurredAtMs),
        id: `bench-tx-${number}`,
        occurredAt,
        cardId: key,
        channel: channels[number % channels.length],
      },
    };
    return { key, value: JSON.stringify(record) };
  };
}

/** A place, as often as its count says. */
function drawFrom(counts: readonly number[], random: Random): number {
  let left = random.uniform() * counts.reduce((sum, count) => sum + count, 0);
  for (const [place, count] of counts.entries()) {
    left -= count;
    if (left < 0) return place;
  }
  return 0;
}

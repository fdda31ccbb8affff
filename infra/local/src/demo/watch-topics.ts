import type { DecisionRecord, Label, TopicNames } from "@tollgate/contracts";
import { Kafka, logLevel } from "kafkajs";
import type { DecisionTally } from "./decision-tally.ts";

/** Reads the decision log and the labels from their beginning, as any client could, into a tally. */
export async function watchTopics(
  brokers: readonly string[],
  topics: TopicNames,
  tally: DecisionTally,
): Promise<{ stop(): Promise<void> }> {
  const kafka = new Kafka({ clientId: "demo-watch", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `demo-watch-${process.pid}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topics.decisions, topics.labels], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        if (value === null) continue;
        const entry = JSON.parse(value.toString("utf8")) as unknown;
        if (batch.topic === topics.labels) tally.addLabel(entry as Label);
        else tally.addDecision(decisionOf(entry as DecisionRecord));
      }
    },
  });
  return { stop: () => consumer.disconnect() };
}

function decisionOf(record: DecisionRecord): Parameters<DecisionTally["addDecision"]>[0] {
  return {
    transactionId: record.transactionId,
    outcome: record.outcome,
    score: record.score,
    // Formatting an amount costs more than all the rest, and only alerts are shown.
    amountText: record.outcome === "approve" ? "" : amountText(record.transaction),
    reasons: record.reasons.map((reason) => reason.code),
  };
}

/** "45.99 EUR" where the engagement's transaction has an amount and a currency; else nothing. */
function amountText(transaction: unknown): string {
  const { amountMinor, currency } = transaction as { amountMinor?: unknown; currency?: unknown };
  if (typeof amountMinor !== "number" || typeof currency !== "string") return "";
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return `${(amountMinor / 10 ** digits).toFixed(digits)} ${currency}`;
}

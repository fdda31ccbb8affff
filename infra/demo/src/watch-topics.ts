import type { DecisionRecord, Label, TopicNames } from "@tollgate/contracts";
import { brokerList, connectKafka, runBatchConsumer, type ConsumedMessage } from "@tollgate/event-log";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { demoLimits } from "./demo-limits.ts";
import type { DecisionTally } from "./decision-tally.ts";

/** Reads the decision log and the labels from their beginning, as any client could, into a tally. */
export function watchTopics(options: {
  readonly brokers: string;
  readonly topics: TopicNames;
  readonly tally: DecisionTally;
}): { stop(): Promise<void> } {
  const { topics, tally } = options;
  const logger = silentLogger();
  const kafka = connectKafka({ brokers: brokerList(options.brokers), clientId: "demo-watch", logger });
  const watch = (topic: string, add: (value: unknown) => void): { stop(): Promise<void> } =>
    runBatchConsumer({
      kafka,
      groupId: `${topic}.demo-watch`,
      topic,
      gatherBytes: demoLimits.watchGatherBytes,
      handle: async ({ messages }) => {
        for (const message of messages) add(jsonOf(message));
      },
      logger,
      clock: systemClock(),
    });
  const decisions = watch(topics.decisions, (value) =>
    tally.addDecision(decisionOf(value as DecisionRecord)),
  );
  const labels = watch(topics.labels, (value) => tally.addLabel(value as Label));
  return {
    async stop() {
      await Promise.all([decisions.stop(), labels.stop()]);
    },
  };
}

function jsonOf(message: ConsumedMessage): unknown {
  return JSON.parse(message.value?.toString("utf8") ?? "null");
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

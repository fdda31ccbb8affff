import { outboxLimits } from "@tollgate/event-log";
import { increase, sum } from "../metrics/promql.ts";
import { select } from "../metrics/select.ts";
import type { Alert, Promises } from "./alert.ts";
import { alertLimits } from "./limits.ts";
import type { RecordingRule } from "./service-level-indicators.ts";

const lagRecorded = "topic_instance:tollgate_kafka_consumer_lag_records:sum";

/** The lag of each consumer; two consumers of one topic are told apart by their instance. */
export const streamRecordings: readonly RecordingRule[] = [
  { record: lagRecorded, expression: sum(select("consumerLag"), ["topic", "instance"]) },
];

/** From Kafka to Kafka and PostgreSQL: what waits, and what could not be read. */
export function streamAlerts({ service }: Promises): readonly Alert[] {
  return [...lagAlerts(service.transactionsPerSecond), ...outboxAlerts(), ...unreadableAlerts()];
}

function lagAlerts(transactionsPerSecond: number): readonly Alert[] {
  const { lagSeconds, growingLagRecords } = alertLimits;
  const window = "10m";
  return [
    {
      name: "ConsumerLagHigh",
      severity: "page",
      expression: `${lagRecorded} > ${lagSeconds * transactionsPerSecond}`,
      holdsFor: "5m",
      summary: "{{ $value | humanize }} records of {{ $labels.topic }} wait for {{ $labels.instance }}",
      impact: "Decisions by stream come too late to stop a payment; the archive and the states are behind.",
      dashboard: "tollgate-stream",
    },
    {
      name: "ConsumerLagGrowing",
      severity: "ticket",
      expression:
        `min_over_time(${lagRecorded}[${window}]) > ${growingLagRecords}\n` +
        `and deriv(${lagRecorded}[${window}]) > 0`,
      holdsFor: "10m",
      summary:
        "{{ $labels.instance }} loses ground on {{ $labels.topic }}: never fewer than " +
        `{{ $value | humanize }} records waiting in ${window}`,
      impact: "The consumer is slower than the traffic: the lag does not come down by itself.",
      dashboard: "tollgate-stream",
    },
  ];
}

function outboxAlerts(): readonly Alert[] {
  const halfBytes = alertLimits.outboxShare * outboxLimits.maxBytes;
  return [
    {
      name: "OutboxNotEmpty",
      severity: "ticket",
      expression: `${select("outboxPending")} > 0`,
      holdsFor: "5m",
      summary: "{{ $value | humanize }} decisions wait in the outbox of {{ $labels.instance }} for Kafka",
      impact: "Kafka does not take decisions. None is lost, but archive and streamed states do not see them.",
      dashboard: "tollgate-stream",
    },
    {
      name: "OutboxFilling",
      severity: "page",
      expression: `${select("outboxPendingBytes")} > ${halfBytes}`,
      holdsFor: "0s",
      summary:
        "The outbox of {{ $labels.instance }} holds {{ $value | humanize1024 }}B of " +
        `${outboxLimits.maxBytes / 2 ** 20}MiB`,
      impact: "When it is full every score is refused with 503: no decision without a record.",
      dashboard: "tollgate-stream",
    },
  ];
}

function unreadableAlerts(): readonly Alert[] {
  const letters = sum(increase(select("deadLetters"), "15m"), ["reason"]);
  const unreadable = select("ledgerRows", { table: "unreadable_records" });
  return [
    {
      name: "DeadLetters",
      severity: "ticket",
      expression: `${letters} > ${alertLimits.deadLettersInQuarterHour}`,
      holdsFor: "0s",
      summary: "{{ $value | humanize }} dead letters in 15 minutes: {{ $labels.reason }}",
      impact: "A producer sends what cannot be read: those payments are not scored, and are kept.",
      dashboard: "tollgate-stream",
    },
    {
      name: "LedgerRecordsUnreadable",
      severity: "page",
      // A series that appears with its first record has no increase yet.
      expression: `${increase(unreadable, "1h")} > 0 or (${unreadable} > 0 unless ${unreadable} offset 1h)`,
      holdsFor: "0s",
      summary: "{{ $value | humanize }} records of the decision log could not be archived",
      impact: "A decision that was made is not in the archive: the audit has a gap.",
      dashboard: "tollgate-stream",
    },
  ];
}

import type { AlertCase } from "./alert-case.ts";

const replica = { instance: "api:8080" };
const pending = 'tollgate_outbox_pending_records{instance="api:8080"}';
const pendingBytes = 'tollgate_outbox_pending_bytes{instance="api:8080"}';
const deadLetters = 'tollgate_dead_letters_total{reason="NOT_JSON"}';
const unreadable = 'tollgate_ledger_rows_total{instance="ledger:9103",table="unreadable_records"}';
const consumer = { topic: "fraud.transactions.v1", instance: "consumer:8081" };

function lag(partition: number): string {
  const { topic, instance } = consumer;
  const labels = `topic="${topic}",partition="${partition}",instance="${instance}"`;
  return `tollgate_kafka_consumer_lag_records{${labels}}`;
}

export const streamCases: readonly AlertCase[] = [
  {
    alert: "ConsumerLagHigh",
    firing: {
      at: "10m",
      series: { [lag(0)]: "60000x10", [lag(1)]: "65000x10" },
      labels: consumer,
      summary: "125k records of fraud.transactions.v1 wait for consumer:8081",
    },
    quiet: [{ because: "five seconds of traffic", at: "10m", series: { [lag(0)]: "50000x10" } }],
  },
  {
    alert: "ConsumerLagGrowing",
    firing: {
      at: "40m",
      series: { [lag(0)]: "0+500x40" },
      labels: consumer,
      summary:
        "consumer:8081 loses ground on fraud.transactions.v1: never fewer than 15k records waiting in 10m",
    },
    quiet: [
      { because: "so few are a batch on its way", at: "40m", series: { [lag(0)]: "0+5x40" } },
      { because: "it catches up after a restart", at: "40m", series: { [lag(0)]: "60000-500x40" } },
      { because: "the lag comes and goes", at: "40m", series: { [lag(0)]: "0 900 1800 0 900 1800 0+0x40" } },
    ],
  },
  {
    alert: "OutboxNotEmpty",
    firing: {
      at: "12m",
      series: { [pending]: "0x4 250x10" },
      labels: replica,
      summary: "250 decisions wait in the outbox of api:8080 for Kafka",
    },
    quiet: [
      {
        because: "a broker was restarted, and they were sent within minutes",
        at: "12m",
        series: { [pending]: "0x4 250x3 0x10" },
      },
    ],
  },
  {
    alert: "OutboxFilling",
    firing: {
      at: "3m",
      series: { [pendingBytes]: "0 200000000x5" },
      labels: replica,
      summary: "The outbox of api:8080 holds 190.7MiB of 256MiB",
    },
    quiet: [{ because: "there is room", at: "3m", series: { [pendingBytes]: "50000000x5" } }],
  },
  {
    alert: "DeadLetters",
    firing: {
      at: "30m",
      series: { [deadLetters]: "0+1x30" },
      labels: { reason: "NOT_JSON" },
      summary: "15 dead letters in 15 minutes: NOT_JSON",
    },
    quiet: [{ because: "one came alone", at: "30m", series: { [deadLetters]: "0x20 1x10" } }],
  },
  {
    alert: "LedgerRecordsUnreadable",
    firing: {
      at: "15m",
      series: { [unreadable]: "_x10 3x10" },
      labels: { instance: "ledger:9103", table: "unreadable_records" },
      summary: "3 records of the decision log could not be archived",
    },
    quiet: [{ because: "it was seen to hours ago", at: "3h", series: { [unreadable]: "_x10 3x180" } }],
  },
];

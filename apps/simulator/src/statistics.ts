import type { SimulatedTransaction } from "@tollgate/engagement";
import { amountInEuros, type CardPayment } from "@tollgate/engagement-card-payments";
import { createHistogram, type Histogram } from "./histogram.ts";

/** What a stream of card payments is made of. */
export interface StreamStatistics {
  readonly transactions: number;
  readonly fraud: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly byPattern: ReadonlyMap<string, Group>;
  readonly byChannel: ReadonlyMap<string, Group>;
  readonly byEntryMode: ReadonlyMap<string, Group>;
  readonly byWeekday: readonly number[];
  readonly byHour: readonly number[];
  readonly delays: ReadonlyMap<string, Histogram>;
  readonly fraudLabelled: number;
  readonly honestCalledFraud: number;
  readonly honestReleased: number;
  readonly cards: number;
  /** Transactions of the busiest merchant, and how many merchants there are. */
  readonly busiestMerchant: number;
  readonly merchants: number;
}

export interface Group {
  count: number;
  fraud: number;
  readonly euros: Histogram;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Counts a stream as it passes. */
export function createStatistics(): {
  add(simulated: SimulatedTransaction<CardPayment>): void;
  read(): StreamStatistics;
} {
  let transactions = 0;
  let fraud = 0;
  let fraudLabelled = 0;
  let honestCalledFraud = 0;
  let honestReleased = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  const byPattern = new Map<string, Group>();
  const byChannel = new Map<string, Group>();
  const byEntryMode = new Map<string, Group>();
  const byWeekday = Array.from({ length: 7 }, () => 0);
  const byHour = Array.from({ length: 24 }, () => 0);
  const delays = new Map<string, Histogram>();
  const cards = new Set<string>();
  const merchants = new Map<string, number>();
  return {
    add({ transaction, pattern, label }) {
      const { occurredAtMs, amountMinor, currency, channel, entryMode } = transaction;
      const isFraud = pattern !== undefined;
      const euros = amountInEuros(amountMinor, currency);
      transactions += 1;
      firstMs = Math.min(firstMs, occurredAtMs);
      lastMs = occurredAtMs;
      count(byPattern, pattern ?? "honest", isFraud, euros);
      count(byChannel, channel, isFraud, euros);
      count(byEntryMode, entryMode, isFraud, euros);
      increment(byWeekday, (Math.floor(occurredAtMs / dayMs) + 3) % 7);
      increment(byHour, Math.floor((occurredAtMs % dayMs) / hourMs));
      cards.add(transaction.cardId);
      merchants.set(transaction.merchantId, (merchants.get(transaction.merchantId) ?? 0) + 1);
      if (isFraud) fraud += 1;
      if (label === undefined) return;
      if (isFraud) fraudLabelled += 1;
      else if (label.fraud) honestCalledFraud += 1;
      else honestReleased += 1;
      if (!isFraud) return;
      const delay = delays.get(label.source) ?? createHistogram();
      delays.set(label.source, delay);
      delay.add((label.labelledAtMs - occurredAtMs) / hourMs);
    },
    read: () => ({
      transactions,
      fraud,
      firstMs,
      lastMs,
      byPattern,
      byChannel,
      byEntryMode,
      byWeekday,
      byHour,
      delays,
      fraudLabelled,
      honestCalledFraud,
      honestReleased,
      cards: cards.size,
      merchants: merchants.size,
      busiestMerchant: Math.max(...merchants.values()),
    }),
  };
}

function count(groups: Map<string, Group>, name: string, isFraud: boolean, euros: number): void {
  let group = groups.get(name);
  if (group === undefined) {
    group = { count: 0, fraud: 0, euros: createHistogram() };
    groups.set(name, group);
  }
  group.count += 1;
  if (isFraud) group.fraud += 1;
  group.euros.add(euros);
}

function increment(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

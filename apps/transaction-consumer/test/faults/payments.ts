import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import type { JsonMessage } from "@tollgate/event-log";

/** Old enough that none of the payments lies in the future, and none has outlived a card's retention. */
const streamDays = 40;

/** The first payments of a seeded simulation, with ids of this test's own. */
export function simulatedPayments(options: {
  readonly count: number;
  readonly seed: number;
  readonly prefix: string;
}): readonly CardPayment[] {
  const startMs = Date.now() - streamDays * 86_400_000;
  const payments: CardPayment[] = [];
  const stream = engagement.simulate({ ...options, idPrefix: options.prefix, startMs, customers: 400 });
  for (const { transaction } of stream) {
    payments.push(transaction);
    if (payments.length === options.count) break;
  }
  return payments;
}

export function kafkaMessage(payment: CardPayment): JsonMessage {
  return { key: payment.cardId, value: JSON.stringify(engagement.transaction.toWire(payment)) };
}

/** How many of the payments each entity took part in, by the store's key of its state. */
export function expectedVersions(
  payments: readonly CardPayment[],
  prefix: string,
): ReadonlyMap<string, number> {
  const versions = new Map<string, number>();
  for (const payment of payments) {
    for (const entity of engagement.featureSet.entities) {
      const key = `${prefix}state:${entity.name}:{${entity.key(payment)}}`;
      versions.set(key, (versions.get(key) ?? 0) + 1);
    }
  }
  return versions;
}

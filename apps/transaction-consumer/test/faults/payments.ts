import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { compileEngagement, type CompiledEngagement } from "@tollgate/engagement";
import type { JsonMessage } from "@tollgate/event-log";
import type { StateAddress } from "@tollgate/feature-store";

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

/** How many of the payments each entity took part in. */
export function expectedVersions(payments: readonly CardPayment[]): ReadonlyMap<string, ExpectedState> {
  const states = new Map<string, ExpectedState>();
  for (const payment of payments) {
    for (const entity of compiled.featureSet.entities) {
      const key = entity.key(payment);
      const name = `${entity.name} ${key}`;
      const known = states.get(name);
      states.set(name, { address: { entity, key }, version: (known?.version ?? 0) + 1 });
    }
  }
  return states;
}

export interface ExpectedState {
  readonly address: StateAddress<CardPayment>;
  readonly version: number;
}

/** The engagement as the apps compile it. */
export const compiled: CompiledEngagement<CardPayment> = compileEngagement(engagement);

import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityDefinition, Filter, Measure, Place } from "../src/index.ts";

/** The smallest transaction that every kind of feature can be tried on. */
export interface Payment extends BaseTransaction {
  readonly card: string;
  readonly amount: number;
  readonly shop: string;
  readonly online: boolean;
  readonly latitude?: number;
  readonly longitude?: number;
}

export const amount: Measure<Payment> = {
  name: "amount",
  unit: "EUR",
  step: 0.01,
  of: (payment) => payment.amount,
};
export const online: Filter<Payment> = { name: "online", accepts: (payment) => payment.online };
export const small: Filter<Payment> = { name: "small", accepts: (payment) => payment.amount < 250 };
export const place: Place<Payment> = { name: "till", latitude: "latitude", longitude: "longitude" };

export function cardEntity(
  recentCapacity: number,
  changes: Partial<EntityDefinition<Payment>> = {},
): EntityDefinition<Payment> {
  return {
    name: "card",
    description: "A card.",
    version: 1,
    consistency: "streamed",
    key: (payment) => payment.card,
    retentionDays: 100,
    recentCapacity,
    ...changes,
  };
}

export function payment(occurredAtMs: number, rest: Partial<Payment> = {}): Payment {
  return {
    id: `p-${occurredAtMs}`,
    occurredAt: new Date(occurredAtMs).toISOString(),
    occurredAtMs,
    card: "c1",
    amount: 10,
    shop: "s1",
    online: false,
    ...rest,
  };
}

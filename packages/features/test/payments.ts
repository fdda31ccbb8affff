import type { BaseTransaction } from "@tollgate/contracts";
import type { Category, EntityDefinition, FeatureDefinition, Filter, Measure } from "../src/index.ts";

/** The smallest transaction that every kind of feature can be tried on. */
export interface Payment extends BaseTransaction {
  readonly card: string;
  readonly amount: number;
  readonly shop: string;
  readonly online: boolean;
  readonly latitude?: number;
  readonly longitude?: number;
}

export const amount: Measure<Payment> = { name: "amount", unit: "EUR", of: (payment) => payment.amount };
export const online: Filter<Payment> = { name: "online", accepts: (payment) => payment.online };
export const shop: Category<Payment> = { name: "shop", of: (payment) => payment.shop };

export function cardEntity(recentCapacity: number): EntityDefinition<Payment> {
  return {
    name: "card",
    description: "A card.",
    version: 1,
    consistency: "transactional",
    key: (payment) => payment.card,
    retentionDays: 90,
    recentCapacity,
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

export function aggregate(
  aggregateName: "count" | "sum" | "mean",
  window: "10m" | "1h" | "24h" | "7d" | "30d",
  filter?: Filter<Payment>,
): FeatureDefinition<Payment> {
  return {
    kind: "aggregate",
    entity: "card",
    aggregate: aggregateName,
    window,
    ...(aggregateName === "count" ? {} : { measure: amount }),
    ...(filter === undefined ? {} : { filter }),
    description: "",
    unit: "",
  };
}

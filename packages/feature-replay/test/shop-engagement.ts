import type { BaseTransaction } from "@tollgate/contracts";
import { compileEngagement, type CompiledEngagement, type Engagement } from "@tollgate/engagement";
import {
  count,
  labelRate,
  ofTransaction,
  ratio,
  secondsSinceLast,
  sum,
  type EntityDefinition,
  type FeatureDefinition,
  type Measure,
} from "@tollgate/features";

/** The smallest engagement with both kinds of entity, labels and a derived feature. */
export interface Sale extends BaseTransaction {
  readonly amount: number;
  readonly card: string;
  readonly shop: string;
}

export const shopStartMs: number = Date.UTC(2026, 3, 1, 12);
const amount: Measure<Sale> = { name: "amount", unit: "EUR", step: 0.01, of: ({ amount: euros }) => euros };

function entity(
  name: "card" | "shop",
  rest: Pick<EntityDefinition<Sale>, "consistency" | "recentCapacity">,
): EntityDefinition<Sale> {
  return { name, description: name, version: 1, key: (made) => made[name], retentionDays: 30, ...rest };
}

const card = entity("card", { consistency: "transactional", recentCapacity: 8 });
const shop = entity("shop", { consistency: "streamed", recentCapacity: 0 });
const lastHour = count(card, "1h");
const lastDay = count(card, "24h");

const features: readonly FeatureDefinition<Sale>[] = [
  ofTransaction("amount", { unit: "EUR", description: "Amount.", value: amount.of }),
  lastHour,
  lastDay,
  sum(card, amount, "24h"),
  secondsSinceLast(card),
  count(shop, "24h"),
  labelRate(shop, "7d", { delay: "1d" }),
  ratio("burst", lastHour, lastDay),
];

/**
 * What a client adds a month later: features of a card, of a shop, and of an entity that is new. The label
 * rates end an hour ago, before any label comes: each label changes a share at the moment it arrives.
 */
export function addedFeatures(): Pick<Engagement<Sale>["featureSet"], "entities" | "features"> {
  const pair: EntityDefinition<Sale> = {
    name: "pair",
    description: "A card in a shop.",
    version: 1,
    consistency: "streamed",
    key: (made) => `${made.card}/${made.shop}`,
    retentionDays: 30,
    recentCapacity: 0,
  };
  return {
    entities: [pair],
    features: [
      count(card, "7d"),
      sum(shop, amount, "24h"),
      labelRate(shop, "1d", { delay: "1h" }),
      count(pair, "7d"),
      labelRate(pair, "1d", { delay: "1h" }),
    ],
  };
}

export function compiledShop(added?: ReturnType<typeof addedFeatures>): CompiledEngagement<Sale> {
  return compileEngagement({
    ...shopEngagement,
    featureSet: {
      entities: [card, shop, ...(added?.entities ?? [])],
      features: [...features, ...(added?.features ?? [])],
    },
  });
}

export function sale(id: string, occurredAtMs: number, rest: Partial<Sale> = {}): Sale {
  const occurredAt = new Date(occurredAtMs).toISOString();
  return { id, occurredAtMs, occurredAt, amount: 10, card: "card-1", shop: "shop-1", ...rest };
}

const shopEngagement: Engagement<Sale> = {
  name: "shop",
  description: "Sales.",
  transaction: {
    parse: (input) => ({ ok: true, value: input as Sale }),
    toWire: (made) => ({ ...made }),
    fromWire: (wire) => wire as Sale,
    jsonSchema: {},
    example: () => ({}),
  },
  featureSet: { entities: [card, shop], features },
  rules: [],
  policy: {
    alertBudgetShare: 0.01,
    declineBudgetShare: 0.001,
    costs: { reviewMinor: 1, blockedGoodMinor: 1, missedFraudShare: 1 },
  },
  service: { scoringLatencyP99Ms: 100, availabilityShare: 1, freshnessP99Ms: 1, transactionsPerSecond: 1 },
  datasets: [],
  *simulate({ seed, startMs: fromMs, customers, idPrefix }) {
    for (let number = 0; ; number += 1) {
      const mixed = Math.imul(seed + number, 0x9e3779b1) >>> 0;
      const atMs = fromMs + number * 97_000;
      const made = sale(`${idPrefix}${number}`, atMs, {
        amount: (mixed % 9_000) / 100,
        card: `card-${mixed % customers}`,
        shop: `shop-${(mixed >>> 8) % 7}`,
      });
      const isFraud = mixed % 5 === 0;
      const label = {
        fraud: true,
        labelledAtMs: atMs + (1 + (mixed % 4)) * 21_600_000,
        source: "issuer" as const,
      };
      yield { transaction: made, pattern: isFraud ? "fraud" : undefined, label: isFraud ? label : undefined };
    }
  },
};

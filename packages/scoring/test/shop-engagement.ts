import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import {
  count,
  labelRate,
  ofTransaction,
  recent,
  secondsSinceLast,
  sum,
  type EntityDefinition,
  type FeatureDefinition,
  type Measure,
} from "@tollgate/features";

/** The smallest engagement with both kinds of entity: the pipeline must not need more. */
export interface Sale extends BaseTransaction {
  readonly amount: number;
  readonly card: string;
  readonly shop: string;
}

const amount: Measure<Sale> = { name: "amount", unit: "EUR", step: 0.01, of: (sale) => sale.amount };

function entity(
  name: "card" | "shop",
  consistency: "transactional" | "streamed",
  recentCapacity: number,
): EntityDefinition<Sale> {
  return {
    name,
    description: name,
    version: 1,
    consistency,
    key: (sale) => sale[name],
    retentionDays: 30,
    recentCapacity,
  };
}

const card = entity("card", "transactional", 8);
const shop = entity("shop", "streamed", 0);

const features: readonly FeatureDefinition<Sale>[] = [
  ofTransaction("amount", { unit: "EUR", description: "Amount.", value: amount.of }),
  count(card, "1h"),
  sum(card, amount, "24h"),
  secondsSinceLast(card),
  count(shop, "24h"),
  labelRate(shop, "7d", { delay: "1d" }),
];

const sequence = recent(card, { measures: [amount], filters: [], sameCategories: [] });

export const shopEngagement: Engagement<Sale> = {
  name: "shop",
  description: "Sales.",
  transaction: {
    parse: (input) => ({ ok: true, value: input as Sale }),
    toWire: (sale) => ({ ...sale }),
    fromWire: (wire) => wire as Sale,
    jsonSchema: {},
    example: () => ({}),
  },
  featureSet: { entities: [card, shop], features, sequence },
  rules: [
    {
      code: "LARGE",
      description: "A large sale.",
      outcome: "review",
      features: ["transaction:amount"],
      when: (_sale, euros = -1) => euros > 10_000,
    },
  ],
  policy: {
    alertBudgetShare: 0.01,
    declineBudgetShare: 0.001,
    costs: { reviewMinor: 1, blockedGoodMinor: 1, missedFraudShare: 1 },
  },
  service: { scoringLatencyP99Ms: 100, availabilityShare: 1, freshnessP99Ms: 1, transactionsPerSecond: 1 },
  datasets: [],
  simulate: () => [],
};

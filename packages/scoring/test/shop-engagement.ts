import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import type { EntityDefinition, FeatureDefinition, Measure } from "@tollgate/features";

/** The smallest engagement with both kinds of entity: the pipeline must not need more. */
export interface Sale extends BaseTransaction {
  readonly amount: number;
  readonly card: string;
  readonly shop: string;
}

const amount: Measure<Sale> = { name: "amount", unit: "EUR", of: (sale) => sale.amount };
const texts = { description: "", unit: "" };

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

const features: readonly FeatureDefinition<Sale>[] = [
  { kind: "transaction", name: "amount", value: amount.of, ...texts },
  { kind: "aggregate", entity: "card", aggregate: "count", window: "1h", ...texts },
  { kind: "aggregate", entity: "card", aggregate: "sum", measure: amount, window: "24h", ...texts },
  { kind: "time-since-last", entity: "card", ...texts },
  { kind: "aggregate", entity: "shop", aggregate: "count", window: "24h", ...texts },
];

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
  featureSet: { entities: [entity("card", "transactional", 8), entity("shop", "streamed", 0)], features },
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

import { ofTransaction, type EntityDefinition, type FeatureSetDefinition } from "@tollgate/features";
import { componentNames } from "./components.ts";
import type { UlbPayment } from "./transaction.ts";

/**
 * The set names neither card nor merchant, so nothing has a history: each payment is an entity of its own.
 * It orders the log and carries the claim that makes a repeated payment count once.
 */
const payment: EntityDefinition<UlbPayment> = {
  name: "payment",
  description: "The payment itself: the published set names no card.",
  version: 1,
  consistency: "transactional",
  key: ({ id }) => id,
  retentionDays: 1,
  recentCapacity: 0,
};

/** The published columns: V1 to V28 and Amount as they are, and Time as the hour it stands for. */
export const featureSet: FeatureSetDefinition<UlbPayment> = {
  entities: [payment],
  features: [
    ...componentNames.map((name, position) =>
      ofTransaction<UlbPayment>(name.toLowerCase(), {
        unit: "standard units",
        description: `Principal component ${position + 1} of the published set.`,
        value: ({ components }) => components[position],
      }),
    ),
    ofTransaction("amount", {
      unit: "EUR",
      description: "Amount in euros.",
      range: { min: 0 },
      value: ({ amountMinor }) => amountMinor / 100,
    }),
    ofTransaction("hour_of_day", {
      unit: "hours",
      description: "Hour of the day with fraction, from the set's Time.",
      range: { min: 0, max: 24 },
      value: ({ occurredAtMs }) => (occurredAtMs % 86_400_000) / 3_600_000,
    }),
  ],
};

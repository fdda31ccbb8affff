import type {
  Category,
  FeatureDefinition,
  FeatureSetDefinition,
  Filter,
  Measure,
  Window,
} from "@tollgate/features";
import { amountInEuros } from "./currency.ts";
import { card, merchant, terminal } from "./entities.ts";
import { isHighRiskCategory, isTestingCategory } from "./merchant-category.ts";
import type { CardPayment } from "./transaction.ts";

type Feature = FeatureDefinition<CardPayment>;

const euros: Measure<CardPayment> = {
  name: "amount",
  unit: "EUR",
  of: (payment) => amountInEuros(payment.amountMinor, payment.currency),
};

const notPresent: Filter<CardPayment> = {
  name: "not_present",
  accepts: (payment) => payment.channel === "card-not-present",
};

/** Card testing spends next to nothing; below this a payment is "small". */
const smallEuros = 10;
const small: Filter<CardPayment> = { name: "small", accepts: (payment) => euros.of(payment) < smallEuros };

const merchantCategory: Category<CardPayment> = { name: "merchant", of: (payment) => payment.merchantId };
const deviceCategory: Category<CardPayment> = { name: "device", of: (payment) => payment.deviceId };

/** Where the card itself was: web shops are in any country without anyone having travelled. */
const countryCategory: Category<CardPayment> = {
  name: "terminal_country",
  of: (payment) => (payment.channel === "card-present" ? payment.country : undefined),
};

const place = (payment: CardPayment): { latitude: number; longitude: number } | undefined =>
  payment.latitude === undefined || payment.longitude === undefined || payment.channel === "card-not-present"
    ? undefined
    : { latitude: payment.latitude, longitude: payment.longitude };

const ofTransaction: readonly Feature[] = [
  own("amount", "EUR", "Amount in euros.", euros.of),
  own(
    "hour_of_day",
    "hours",
    "Hour of the day in UTC, with fraction.",
    (payment) => (payment.occurredAtMs % 86_400_000) / 3_600_000,
  ),
  own(
    "day_of_week",
    "days since Monday",
    "Day of the week in UTC.",
    (payment) => (Math.floor(payment.occurredAtMs / 86_400_000) + 3) % 7,
  ),
  own("is_card_not_present", "0 or 1", "1 for e-commerce and mail order.", (payment) =>
    notPresent.accepts(payment) ? 1 : 0,
  ),
  own("is_magnetic_stripe", "0 or 1", "1 when the stripe was read instead of the chip.", (payment) =>
    payment.entryMode === "magnetic-stripe" ? 1 : 0,
  ),
  own("is_high_risk_category", "0 or 1", "1 for goods that are easily turned into money.", (payment) =>
    isHighRiskCategory(payment.merchantCategoryCode) ? 1 : 0,
  ),
  own("is_testing_category", "0 or 1", "1 for checkouts where stolen cards are tried first.", (payment) =>
    isTestingCategory(payment.merchantCategoryCode) ? 1 : 0,
  ),
  own("is_round_amount", "0 or 1", "1 for a whole multiple of 50 major units.", (payment) =>
    payment.amountMinor > 0 && payment.amountMinor % 5000 === 0 ? 1 : 0,
  ),
];

const ofCard: readonly Feature[] = [
  ...(["10m", "1h", "24h", "7d"] as const).map((window) => count("card", window)),
  count("card", "1h", small),
  count("card", "24h", notPresent),
  ...(["1h", "24h", "7d"] as const).map((window) => sum("card", window)),
  {
    kind: "aggregate",
    entity: "card",
    aggregate: "mean",
    measure: euros,
    window: "30d",
    unit: "EUR",
    description: "Mean amount of the card over 30 days, this payment included.",
  },
  {
    kind: "ratio-to-normal",
    entity: "card",
    measure: euros,
    unit: "ratio",
    description: "This amount against the card's mean of the 30 days before.",
  },
  distinct("merchants", merchantCategory, "1h"),
  distinct("merchants", merchantCategory, "24h"),
  distinct("devices", deviceCategory, "7d"),
  distinct("countries of terminals", countryCategory, "24h"),
  firstSeen("merchant", merchantCategory),
  firstSeen("device", deviceCategory),
  firstSeen("country of the terminal", countryCategory),
  {
    kind: "time-since-last",
    entity: "card",
    unit: "seconds",
    description: "Time since the card's last payment.",
  },
  {
    kind: "distance-since-last",
    entity: "card",
    place,
    unit: "kilometres",
    description: "Distance from the place of the card's last payment at a terminal.",
  },
  {
    kind: "speed-since-last",
    entity: "card",
    place,
    unit: "kilometres per hour",
    description: "Speed the card must have travelled at since then.",
  },
];

const ofPlaces: readonly Feature[] = [
  ...(["1h", "24h"] as const).map((window) => count("merchant", window)),
  count("merchant", "1h", small),
  {
    kind: "aggregate",
    entity: "merchant",
    aggregate: "mean",
    measure: euros,
    window: "7d",
    unit: "EUR",
    description: "Mean amount at the merchant over 7 days, this payment included.",
  },
  {
    kind: "ratio-to-normal",
    entity: "merchant",
    measure: euros,
    unit: "ratio",
    description: "This amount against the merchant's mean of the 30 days before.",
  },
  ...(["1h", "24h"] as const).map((window) => count("terminal", window)),
  count("terminal", "1h", small),
  {
    kind: "ratio-to-normal",
    entity: "terminal",
    measure: euros,
    unit: "ratio",
    description: "This amount against the terminal's mean of the 30 days before.",
  },
];

export const featureSet: FeatureSetDefinition<CardPayment> = {
  entities: [card, merchant, terminal],
  features: [...ofTransaction, ...ofCard, ...ofPlaces],
};

function own(
  name: string,
  unit: string,
  description: string,
  value: (payment: CardPayment) => number,
): Feature {
  return { kind: "transaction", name, unit, description, value };
}

function count(entity: string, window: Window, filter?: Filter<CardPayment>): Feature {
  const which = filter === undefined ? "Payments" : `Payments (${filter.name.replaceAll("_", " ")})`;
  return {
    kind: "aggregate",
    entity,
    aggregate: "count",
    window,
    ...(filter === undefined ? {} : { filter }),
    unit: "transactions",
    description: `${which} of the ${entity} in the last ${window}, this one included.`,
  };
}

function sum(entity: string, window: Window): Feature {
  return {
    kind: "aggregate",
    entity,
    aggregate: "sum",
    measure: euros,
    window,
    unit: "EUR",
    description: `Amount of the ${entity} in the last ${window}, this payment included.`,
  };
}

function distinct(plural: string, category: Category<CardPayment>, window: Window): Feature {
  return {
    kind: "distinct",
    entity: "card",
    category,
    window,
    unit: plural,
    description: `Different ${plural} among the card's last 24 payments within ${window}.`,
  };
}

function firstSeen(thing: string, category: Category<CardPayment>): Feature {
  return {
    kind: "first-seen",
    entity: "card",
    category,
    unit: "0 or 1",
    description: `1 when the ${thing} is none of the card's last 24 payments.`,
  };
}

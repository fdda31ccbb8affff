import type { Currency } from "../currency.ts";
import { categories, type SpendCategory } from "./categories.ts";
import { cities, type City } from "./cities.ts";
import { market } from "./parameters.ts";
import type { Card, Customer } from "./people.ts";
import type { Random } from "@tollgate/engagement";
import { weightedChoice, type WeightedChoice } from "./weighted-choice.ts";

/** A terminal, or the checkout of a web shop. */
export interface Terminal {
  readonly id: string;
  /** Collects what is read while thieves have a skimmer on it. */
  skimmer: ((customer: Customer, card: Card) => void) | undefined;
}

export interface Merchant {
  readonly id: string;
  readonly category: SpendCategory;
  readonly country: string;
  /** Undefined for a web shop, which charges in the buyer's currency. */
  readonly place:
    | { readonly latitude: number; readonly longitude: number; readonly currency: Currency }
    | undefined;
  readonly stripeShare: number;
  /** Its prices against the category's. */
  readonly priceLevel: number;
  readonly terminals: readonly Terminal[];
}

/** Every place where money can be spent. */
export interface Market {
  /** Merchants of a category in a city, by popularity. */
  readonly local: (city: number, category: SpendCategory) => WeightedChoice<Merchant>;
  /** Web shops of a category, by popularity: the first are very hot. */
  readonly online: (category: SpendCategory) => WeightedChoice<Merchant>;
}

/** As many merchants as the inhabitants of the simulation can keep alive. */
export function createMarket(random: Random, customers: number, idPrefix: string): Market {
  let made = 0;
  const nextId = (): string => {
    made += 1;
    return `${idPrefix}merchant-${String(made).padStart(5, "0")}`;
  };
  const local = cities.map((city) => localMarket(random, city, customers, nextId));
  const online = categories.map((category) => {
    if (category.onlineWeight === 0) return undefined;
    const count = Math.max(
      market.webShopsMin,
      Math.round((customers / 1000) * market.webShopsPerThousandCustomers),
    );
    const shops = Array.from({ length: count }, (_, rank) => webShop(random, nextId(), category, rank));
    return weightedChoice(shops, (_, rank) => (rank + 1) ** -market.onlinePopularity);
  });
  return {
    local: (city, category) => existing(local[city]?.[category.index], category),
    online: (category) => existing(online[category.index], category),
  };
}

function existing<Found>(found: Found | undefined, category: SpendCategory): Found {
  if (found === undefined) throw new RangeError(`nobody sells ${category.name} there`);
  return found;
}

function localMarket(
  random: Random,
  city: City,
  customers: number,
  nextId: () => string,
): readonly (WeightedChoice<Merchant> | undefined)[] {
  const allHomes = cities.reduce((sum, { homeWeight }) => sum + homeWeight, 0);
  const thousands = (customers / 1000) * (city.homeWeight / allHomes);
  return categories.map((category) => {
    if (category.presentWeight === 0) return undefined;
    const count = Math.max(market.merchantsMin, Math.round(category.merchantsPerThousand * thousands));
    const merchants = Array.from({ length: count }, (_, rank) => {
      const share = (rank + 1) ** -market.localPopularity;
      return placedMerchant(random, nextId(), city, category, share);
    });
    return weightedChoice(merchants, (_, rank) => (rank + 1) ** -market.localPopularity);
  });
}

function placedMerchant(
  random: Random,
  id: string,
  city: City,
  category: SpendCategory,
  popularity: number,
): Merchant {
  const reported = random.chance(market.misplacedShare) ? random.pick(cities) : city;
  const north = (random.normal() * market.cityRadiusKilometres) / 2;
  const east = (random.normal() * market.cityRadiusKilometres) / 2;
  const kilometresPerDegree = 111.2;
  const shrink = Math.cos((reported.latitude * Math.PI) / 180);
  return {
    id,
    category,
    country: city.country,
    place: {
      latitude: degrees(reported.latitude + north / kilometresPerDegree),
      longitude: degrees(reported.longitude + east / (kilometresPerDegree * shrink)),
      currency: city.currency,
    },
    stripeShare: city.stripeShare,
    priceLevel: random.logNormal(1, market.priceSigma),
    terminals: terminalsOf(id, 1 + Math.floor(random.uniform() * popularity * market.terminalsMax)),
  };
}

function webShop(random: Random, id: string, category: SpendCategory, rank: number): Merchant {
  return {
    id,
    category,
    country: random.pick(cities).country,
    place: undefined,
    stripeShare: 0,
    priceLevel: random.logNormal(1, market.priceSigma),
    terminals: terminalsOf(id, Math.max(1, market.checkoutsMax - rank)),
  };
}

function terminalsOf(merchantId: string, count: number): readonly Terminal[] {
  const number = merchantId.replace("merchant-", "terminal-");
  return Array.from({ length: count }, (_, index) => ({ id: `${number}-${index + 1}`, skimmer: undefined }));
}

/** Five decimals: about a metre. */
function degrees(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}

import type { CardPayment } from "../transaction.ts";
import { categories, type SpendCategory } from "./categories.ts";
import { cities } from "./cities.ts";
import type { Market, Merchant } from "./merchants.ts";
import { dayMs, habits, hourMs, people } from "./parameters.ts";
import type { Card, Customer } from "./people.ts";
import { habitNormal, habitUniform, type Random } from "@tollgate/engagement";
import { isWeekend } from "./rhythm.ts";
import { weightedChoice, type WeightedChoice } from "./weighted-choice.ts";

/** Which category people buy at this local time, at terminals and online. */
export function createCategoryChoice(): (localMs: number, online: boolean, uniform: number) => SpendCategory {
  const tables = [false, true].map((online) =>
    [0, 1, 2, 3].map((quarter) => {
      const weight = (category: SpendCategory): number =>
        (online ? category.onlineWeight : category.presentWeight) * (category.dayProfile[quarter] ?? 0);
      return weightedChoice(categories, weight);
    }),
  );
  return (localMs, online, uniform) => {
    const quarter = Math.floor((((localMs % dayMs) + dayMs) % dayMs) / (6 * hourMs));
    const table = tables[online ? 1 : 0]?.[quarter] as WeightedChoice<SpendCategory>;
    return table(uniform);
  };
}

/** People buy more online in the night and a little less at the weekend. */
export function buysOnline(customer: Customer, localMs: number, random: Random): boolean {
  const hour = Math.floor((((localMs % dayMs) + dayMs) % dayMs) / hourMs);
  const night = hour < 6 ? 1.8 : 1;
  const weekend = isWeekend(localMs) ? 0.85 : 1;
  return random.chance(customer.onlineShare * night * weekend);
}

/** A favourite, or any shop by its popularity. `city` is undefined online. */
export function chooseMerchant(
  market: Market,
  customer: Customer,
  category: SpendCategory,
  city: number | undefined,
  random: Random,
): Merchant {
  const shops = city === undefined ? market.online(category) : market.local(city, category);
  let point = random.uniform();
  for (const [rank, share] of habits.favouriteShares.entries()) {
    if (point < share) {
      // A pure function of person, category and place: a habit that takes no memory.
      const place = (city ?? cities.length) * habits.favouriteShares.length + rank;
      return shops(habitUniform(customer.index, category.index + 1, place));
    }
    point -= share;
  }
  return shops(random.uniform());
}

/** What this person usually spends there, with the day's chance in it. */
export function usualEuros(merchant: Merchant, customer: Customer, random: Random): number {
  const { category } = merchant;
  const taste = Math.exp(people.tasteSigma * habitNormal(customer.index, category.index));
  const level = customer.spendLevel * taste * merchant.priceLevel;
  const euros = random.logNormal(category.medianEuros * level, category.sigma * withinPerson);
  return random.chance(habits.largePurchaseShare)
    ? euros * random.between(...habits.largePurchaseFactor)
    : euros;
}

/** One person's amounts spread less than everybody's together. */
const withinPerson = 0.8;

/** How the card's data are read at a terminal. */
export function presentEntryMode(
  merchant: Merchant,
  euros: number,
  random: Random,
): CardPayment["entryMode"] {
  if (random.chance(merchant.stripeShare)) return "magnetic-stripe";
  const isCash = merchant.category.name === "cashMachines";
  const below = euros <= habits.contactlessLimitEuros;
  const share = below ? habits.contactlessShareBelow : habits.contactlessShareAbove;
  return !isCash && random.chance(share) ? "contactless" : "chip";
}

export function chooseCard(customer: Customer, random: Random): Card {
  const [first, second] = customer.cards;
  const chosen = second !== undefined && random.chance(people.secondCardUse) ? second : first;
  if (chosen === undefined) throw new RangeError(`${customer.id} has no card`);
  return chosen;
}

/** The newest device most of the time, else one of the two before it. */
export function ownDevice(customer: Customer, random: Random): string {
  const newest = customer.devicesOwned;
  const number = random.chance(people.mainDeviceUse) ? newest : Math.max(1, newest - random.integer(1, 2));
  return `${customer.id.replace("customer-", "device-")}-${number}`;
}

/** The router's address, or one of the mobile network in the country where the person is. */
export function ownAddress(customer: Customer, city: number, random: Random): string {
  const changing = city !== customer.home || random.chance(people.changingAddressShare);
  const spot = changing ? random.uniform() : habitUniform(customer.index, 0, 0);
  return addressIn(city, spot);
}

/** Private addresses (RFC 1918), a block for each city: none of them is a real person's. */
export function addressIn(city: number, spot: number): string {
  const host = Math.floor(spot * 64_516);
  return `10.${city}.${1 + Math.floor(host / 254)}.${1 + (host % 254)}`;
}

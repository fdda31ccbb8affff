import { categories, type SpendCategory } from "../categories.ts";
import { cities } from "../cities.ts";
import type { Merchant } from "../merchants.ts";
import { hourMs } from "../parameters.ts";
import type { Purchase } from "../payment.ts";
import type { Customer } from "../people.ts";
import type { Random } from "@tollgate/engagement";
import { addressIn, ownAddress } from "../shopping.ts";
import { weightedChoice } from "../weighted-choice.ts";
import type { World } from "../world.ts";

/** How thieves buy: ordinary shops and ordinary amounts as far as they can, then a little more. */
type Loot = Pick<Purchase, "merchant" | "terminal" | "euros">;

const presentLoot = weightedChoice(categories, (category) =>
  category.presentWeight > 0 ? category.thiefWeight * Math.sqrt(category.presentWeight) : 0,
);
const onlineLoot = weightedChoice(categories, (category) =>
  category.onlineWeight > 0 ? category.thiefWeight * Math.sqrt(category.onlineWeight) : 0,
);

/** Something to turn into money, at a terminal of that city. */
export function lootAt(world: World, city: number, greed: readonly [number, number]): Loot {
  const category = presentLoot(world.crime.uniform());
  return lootFrom(world, world.market.local(city, category)(world.crime.uniform()), greed);
}

/** The same in a web shop. */
export function lootOnline(world: World, greed: readonly [number, number]): Loot {
  const category = onlineLoot(world.crime.uniform());
  return lootFrom(world, world.market.online(category)(world.crime.uniform()), greed);
}

/** `greed`: the range of what is taken against an ordinary purchase there. */
export function lootFrom(world: World, merchant: Merchant, greed: readonly [number, number]): Loot {
  const { crime } = world;
  const { medianEuros, sigma } = merchant.category;
  const ordinary = crime.logNormal(medianEuros * merchant.priceLevel, sigma);
  return { merchant, terminal: crime.pick(merchant.terminals), euros: ordinary * crime.between(...greed) };
}

/** Many hide behind an address in their victim's country; some even behind the victim's own. */
export function thiefAddress(random: Random, victim: Customer): string {
  const draw = random.uniform();
  if (draw < 0.08) return ownAddress(victim, victim.home, random);
  return addressIn(draw < 0.6 ? victim.home : random.integer(0, cities.length - 1), random.uniform());
}

/** Shops open at eight: what falls into the night is put off until the morning of that place. */
export function openingTime(random: Random, atMs: number, city: number): number {
  const offsetHours = cities[city]?.utcOffsetHours ?? 0;
  const localHour = (((atMs / hourMs + offsetHours) % 24) + 24) % 24;
  return localHour >= 8 ? atMs : atMs + (8 - localHour + random.between(0, 4)) * hourMs;
}

export function isCash(category: SpendCategory): boolean {
  return category.name === "cashMachines";
}

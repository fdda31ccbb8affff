import { cities } from "../cities.ts";
import { dayMs, hourMs } from "../parameters.ts";
import type { Card, Customer } from "../people.ts";
import type { World } from "../world.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard } from "./theft.ts";
import { lootAt, lootOnline, openingTime, thiefAddress } from "./thief.ts";

/**
 * A skimmer copies every card at one terminal for some days. Weeks later the copies are used: the stripe
 * where stripes are still read, the number in web shops. Nothing shows at the terminal itself.
 */
export const compromisedTerminal: FraudPattern = {
  name: "compromised-terminal",
  share: 0.2,
  meanPayments: (world) => Math.min(45, Math.max(2, world.customers.length / 220)),
  begin(world, atMs) {
    const { crime } = world;
    const seen = world.footprints.pick(crime, atMs - 6 * hourMs);
    if (seen === undefined || seen.terminal.skimmer !== undefined) return;
    const copied = new Map<Card, Customer>();
    seen.terminal.skimmer = (customer, card) => {
      if (copied.size < cardsMax(world)) copied.set(card, customer);
    };
    world.schedule(atMs + crime.between(3, 12) * dayMs, (endMs) => {
      seen.terminal.skimmer = undefined;
      for (const [card, customer] of copied) {
        if (crime.chance(0.75)) useCopy(world, customer, card, endMs + crime.between(0.5, 14) * dayMs);
      }
      return undefined;
    });
  },
};

/** A thief sells what he has in lots; and a small world has no more victims to spare. */
function cardsMax(world: World): number {
  return Math.min(40, Math.max(5, Math.round(world.customers.length / 100)));
}

function useCopy(world: World, customer: Customer, card: Card, fromMs: number): void {
  const { crime } = world;
  const theft = stealCard(world, {
    pattern: compromisedTerminal.name,
    customer,
    card,
    unreportedShare: 0.12,
  });
  const payments = crime.integer(1, 5);
  if (crime.chance(0.45)) {
    const city = crime.chance(0.35) ? customer.home : stripeCity(world);
    let nextMs = openingTime(crime, fromMs, city);
    for (let left = payments; left > 0; left -= 1) {
      const loot = lootAt(world, city, [0.9, 2.8]);
      const common = { deviceId: undefined, ipAddress: undefined };
      theft.buy({ ...loot, ...common, atMs: nextMs, entryMode: "magnetic-stripe" });
      nextMs += crime.exponential(0.8) * hourMs;
    }
    return;
  }
  const deviceId = world.strangeDevice();
  const ipAddress = thiefAddress(crime, customer);
  let nextMs = fromMs;
  for (let left = payments; left > 0; left -= 1) {
    theft.buy({
      ...lootOnline(world, [0.9, 2.8]),
      atMs: nextMs,
      entryMode: "e-commerce",
      deviceId,
      ipAddress,
    });
    nextMs += crime.exponential(1.5) * hourMs;
  }
}

/** Where terminals still read the stripe, most of the time. */
function stripeCity(world: World): number {
  const { crime } = world;
  const drawn = crime.integer(0, cities.length - 1);
  const reads = cities.flatMap((city, index) => (city.stripeShare > 0.01 ? [index] : []));
  return crime.chance(0.6) ? crime.pick(reads) : drawn;
}

import { categoryNamed } from "../categories.ts";
import { hourMs } from "../parameters.ts";
import type { World } from "../world.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard, type Theft } from "./theft.ts";
import { lootFrom, lootOnline, thiefAddress } from "./thief.ts";

const triedAt = ["charities", "parking", "games", "digitalMedia", "fastFood", "marketplaces"] as const;

/** A leaked list: each card is tried with a small amount at one checkout; some that work are used later. */
export const cardTesting: FraudPattern = {
  name: "card-testing",
  share: 0.2,
  meanPayments: (world) => 2.03 * meanCards(world),
  begin(world, atMs) {
    const { crime } = world;
    const category = categoryNamed(crime.pick(triedAt));
    const merchant = world.market.online(category)(crime.uniform());
    const oneDevice = crime.chance(0.4) ? world.strangeDevice() : undefined;
    const pauseMs = crime.between(4_000, 90_000);
    let nextMs = atMs;
    const mean = meanCards(world);
    for (let left = crime.integer(Math.ceil(mean / 2), Math.floor(mean * 1.5)); left > 0; left -= 1) {
      const customer = crime.pick(world.customers);
      const card = crime.pick(customer.cards);
      const theft = stealCard(world, { pattern: this.name, customer, card, unreportedShare: 0.18 });
      const deviceId = oneDevice ?? world.strangeDevice();
      const ipAddress = thiefAddress(crime, customer);
      for (let attempts = crime.chance(0.4) ? crime.integer(2, 3) : 1; attempts > 0; attempts -= 1) {
        nextMs += crime.exponential(pauseMs);
        const { terminal } = lootFrom(world, merchant, [1, 1]);
        const euros = crime.chance(0.7) ? crime.between(0.5, 5) : crime.between(4, 20);
        theft.buy({ atMs: nextMs, merchant, terminal, euros, entryMode: "e-commerce", deviceId, ipAddress });
      }
      if (crime.chance(0.35)) cashOut(world, theft, nextMs);
    }
  },
};

/** Up to 40 cards; no more than a customer in fifty where the world is small. */
function meanCards(world: World): number {
  return Math.min(24, Math.max(4, Math.round(world.customers.length / 100)));
}

/** Hours or days later, from another device, at ordinary shops. */
function cashOut(world: World, theft: Theft, testedMs: number): void {
  const { crime } = world;
  const deviceId = world.strangeDevice();
  const ipAddress = thiefAddress(crime, theft.customer);
  let nextMs = testedMs + crime.between(0.5, 40) * hourMs;
  for (let left = crime.integer(1, 3); left > 0; left -= 1) {
    theft.buy({ ...lootOnline(world, [1.2, 4]), atMs: nextMs, entryMode: "e-commerce", deviceId, ipAddress });
    nextMs += crime.exponential(2) * hourMs;
  }
}

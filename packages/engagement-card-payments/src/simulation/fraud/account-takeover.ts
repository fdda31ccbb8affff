import { hourMs } from "../parameters.ts";
import { chooseCard, chooseMerchant } from "../shopping.ts";
import { categoryNamed } from "../categories.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard } from "./theft.ts";
import { lootFrom, lootOnline, thiefAddress } from "./thief.ts";

/** The password was guessed or phished: a new device buys, often where the card is already on file. */
export const accountTakeover: FraudPattern = {
  name: "account-takeover",
  share: 0.14,
  meanPayments: () => 2.85,
  begin(world, atMs) {
    const { crime } = world;
    const customer = crime.pick(world.customers);
    const card = chooseCard(customer, crime);
    const theft = stealCard(world, { pattern: this.name, customer, card, unreportedShare: 0.1 });
    const deviceId = world.strangeDevice();
    const ipAddress = thiefAddress(crime, customer);
    const careful = crime.chance(0.3);
    let nextMs = atMs;
    for (let left = crime.integer(1, 5); left > 0; left -= 1) {
      const shop = categoryNamed(crime.pick(["marketplaces", "clothing", "electronics", "games"]));
      const greed = careful ? ([0.7, 1.6] as const) : ([2, 6] as const);
      const loot = crime.chance(0.5)
        ? lootFrom(world, chooseMerchant(world.market, customer, shop, undefined, crime), greed)
        : lootOnline(world, greed);
      theft.buy({ ...loot, atMs: nextMs, entryMode: "e-commerce", deviceId, ipAddress });
      nextMs += crime.exponential(careful ? 9 : 0.7) * hourMs;
    }
  },
};

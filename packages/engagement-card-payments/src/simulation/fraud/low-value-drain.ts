import { categoryNamed } from "../categories.ts";
import { dayMs } from "../parameters.ts";
import { chooseCard } from "../shopping.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard } from "./theft.ts";
import { lootFrom, thiefAddress } from "./thief.ts";

const hiddenAs = ["digitalMedia", "games", "subscriptions", "telecom", "marketplaces"] as const;

/** A few euros every couple of days for weeks, as a subscription would: most owners never look. */
export const lowValueDrain: FraudPattern = {
  name: "low-value-drain",
  share: 0.15,
  meanPayments: () => 7,
  begin(world, atMs) {
    const { crime } = world;
    const customer = crime.pick(world.customers);
    const card = chooseCard(customer, crime);
    const theft = stealCard(world, { pattern: this.name, customer, card, unreportedShare: 0.24 });
    const merchant = world.market.online(categoryNamed(crime.pick(hiddenAs)))(crime.uniform());
    const euros = crime.between(3, 22);
    const byDevice = crime.chance(0.65);
    const deviceId = byDevice ? world.strangeDevice() : undefined;
    const ipAddress = byDevice ? thiefAddress(crime, customer) : undefined;
    const gapDays = crime.between(0.2, 1.6);
    let nextMs = atMs;
    for (let left = crime.integer(8, 24); left > 0; left -= 1) {
      const { terminal } = lootFrom(world, merchant, [1, 1]);
      const amount = euros * crime.between(0.8, 1.25);
      theft.buy({
        atMs: nextMs,
        merchant,
        terminal,
        euros: amount,
        entryMode: "e-commerce",
        deviceId,
        ipAddress,
      });
      nextMs += gapDays * crime.between(0.5, 1.5) * dayMs;
    }
  },
};

import { habits, hourMs, minuteMs } from "../parameters.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard } from "./theft.ts";
import { isCash, lootAt, lootOnline, openingTime, thiefAddress } from "./thief.ts";

/** A purse is gone: within hours the card goes through the shops around, mostly below the PIN's limit. */
export const stolenCardSpree: FraudPattern = {
  name: "stolen-card-spree",
  share: 0.22,
  meanPayments: () => 6.2,
  begin(world, atMs) {
    const { crime } = world;
    const seen = world.footprints.pick(crime, atMs - 3 * hourMs);
    if (seen === undefined) return;
    const theft = stealCard(world, { pattern: this.name, ...seen, unreportedShare: 0.06 });
    const knowsPin = crime.chance(0.5);
    const device = world.strangeDevice();
    const address = thiefAddress(crime, seen.customer);
    let nextMs = openingTime(crime, atMs + crime.exponential(1.5) * hourMs, seen.city);
    for (let left = crime.integer(3, 10); left > 0; left -= 1) {
      if (crime.chance(0.18)) {
        const loot = lootOnline(world, [0.7, 2.5]);
        theft.buy({ ...loot, atMs: nextMs, entryMode: "e-commerce", deviceId: device, ipAddress: address });
      } else {
        const loot = lootAt(world, seen.city, knowsPin ? [1, 3.5] : [0.7, 2]);
        const needsPin = isCash(loot.merchant.category) || (knowsPin && crime.chance(0.6));
        const euros = needsPin
          ? loot.euros
          : Math.min(loot.euros, habits.contactlessLimitEuros * crime.between(0.5, 1));
        const entryMode = needsPin ? "chip" : "contactless";
        theft.buy({ ...loot, euros, atMs: nextMs, entryMode, deviceId: undefined, ipAddress: undefined });
      }
      nextMs += (3 + crime.exponential(10)) * minuteMs;
    }
  },
};

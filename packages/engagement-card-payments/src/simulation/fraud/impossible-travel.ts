import { cities } from "../cities.ts";
import { hourMs, minuteMs } from "../parameters.ts";
import { kilometresBetween } from "../travel.ts";
import type { World } from "../world.ts";
import type { FraudPattern } from "./pattern.ts";
import { stealCard } from "./theft.ts";
import { isCash, lootAt } from "./thief.ts";

/** A copy is used far away while its owner is paying at home; a careful thief leaves time for a flight. */
export const impossibleTravel: FraudPattern = {
  name: "impossible-travel",
  share: 0.09,
  meanPayments: () => 1.95,
  begin(world, atMs) {
    const { crime } = world;
    const seen = world.footprints.pick(crime, atMs - 2 * hourMs);
    if (seen === undefined) return;
    const careful = crime.chance(0.4);
    const city = placeOfUse(world, seen.city, careful ? [150, 1200] : [500, 20_000]);
    if (city === undefined) return;
    const theft = stealCard(world, { pattern: this.name, ...seen, unreportedShare: 0.08 });
    let nextMs = atMs + (careful ? crime.between(2, 9) * hourMs : crime.between(8, 100) * minuteMs);
    for (let left = crime.integer(1, 3); left > 0; left -= 1) {
      const loot = lootAt(world, city, [0.6, 2]);
      const fallback = crime.chance(0.35) ? "magnetic-stripe" : "contactless";
      const entryMode = isCash(loot.merchant.category) ? "magnetic-stripe" : fallback;
      theft.buy({ ...loot, atMs: nextMs, entryMode, deviceId: undefined, ipAddress: undefined });
      nextMs += crime.exponential(40) * minuteMs;
    }
  },
};

function placeOfUse(
  world: World,
  from: number,
  [nearest, farthest]: readonly [number, number],
): number | undefined {
  const candidates = [...cities.keys()].filter((city) => {
    const kilometres = kilometresBetween(from, city);
    return kilometres >= nearest && kilometres <= farthest;
  });
  return candidates.length === 0 ? undefined : world.crime.pick(candidates);
}

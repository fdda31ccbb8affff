import { fraud } from "../parameters.ts";
import { busyShare } from "../rhythm.ts";
import { scheduleRepeatedly, type World } from "../world.ts";
import { accountTakeover } from "./account-takeover.ts";
import { cardTesting } from "./card-testing.ts";
import { compromisedTerminal } from "./compromised-terminal.ts";
import { impossibleTravel } from "./impossible-travel.ts";
import { lowValueDrain } from "./low-value-drain.ts";
import type { FraudPattern } from "./pattern.ts";
import { stolenCardSpree } from "./stolen-card-spree.ts";

/** Every way of stealing that the simulation knows. */
export const fraudPatterns: readonly FraudPattern[] = [
  stolenCardSpree,
  cardTesting,
  compromisedTerminal,
  accountTakeover,
  impossibleTravel,
  lowValueDrain,
];

/** Lets episodes of each pattern begin so often that they make their share of all payments. */
export function scheduleCrime(world: World): void {
  const { crime } = world;
  for (const pattern of fraudPatterns) {
    const paymentsPerMs = world.paymentsPerMs * fraud.share * pattern.share;
    const meanGapMs = (pattern.meanPayments(world) * fraud.meanActivity) / paymentsPerMs;
    scheduleRepeatedly(world, crime, meanGapMs, (atMs) => {
      const active = fraud.nightActivity + (1 - fraud.nightActivity) * busyShare(atMs);
      if (crime.chance(active)) pattern.begin(world, atMs);
    });
  }
}

import { cities } from "./cities.ts";
import { people } from "./parameters.ts";
import type { Random } from "@tollgate/engagement";
import { habitKinds } from "./rhythm.ts";
import type { Trip } from "./travel.ts";
import { weightedChoice } from "./weighted-choice.ts";

/** A cardholder. What is fixed is read-only; the rest is life going on. */
export interface Customer {
  readonly index: number;
  readonly id: string;
  /** Index into the cities. */
  readonly home: number;
  /** Index into the kinds of daily rhythm. */
  readonly habit: number;
  readonly paymentsPerDay: number;
  /** Spending power against the average. */
  readonly spendLevel: number;
  readonly onlineShare: number;
  readonly cards: readonly Card[];
  /** Another person of the household uses the same card. */
  readonly sharesCard: boolean;
  /** The newest device has the highest number; the older ones fall out of use. */
  devicesOwned: number;
  trip: Trip | undefined;
}

export interface Card {
  /** The token on the wire; a new one after a reported fraud. */
  id: string;
  /** How often it was replaced: what was stolen before is worth nothing after. */
  generation: number;
  readonly number: string;
}

export function createPeople(random: Random, count: number, idPrefix: string): readonly Customer[] {
  const homes = weightedChoice([...cities.keys()], (index) => cities[index]?.homeWeight ?? 0);
  const habit = weightedChoice([...habitKinds.keys()], (index) => habitKinds[index]?.share ?? 0);
  return Array.from({ length: count }, (_, index): Customer => {
    const number = String(index + 1).padStart(6, "0");
    const rate = random.logNormal(people.paymentsPerDayMedian, people.paymentsPerDaySigma);
    const online = people.onlineShareMean * random.logNormal(0.95, people.onlineShareSpread);
    return {
      index,
      id: `${idPrefix}customer-${number}`,
      home: homes(random.uniform()),
      habit: habit(random.uniform()),
      paymentsPerDay: Math.min(rate, people.paymentsPerDayMax),
      spendLevel: random.logNormal(1, people.spendSigma),
      onlineShare: Math.min(Math.max(online, 0.02), 0.9),
      cards: Array.from({ length: random.chance(people.secondCardShare) ? 2 : 1 }, (_card, place) => {
        const card = `${idPrefix}card-${number}-${place + 1}`;
        return { id: card, number: card, generation: 0 };
      }),
      sharesCard: random.chance(people.sharedCardShare),
      devicesOwned: random.integer(1, people.devicesMax),
      trip: undefined,
    };
  });
}

/** The bank blocks the card and sends another: thieves' copies stop working. */
export function replaceCard(card: Card): void {
  card.generation += 1;
  card.id = `${card.number}.${card.generation}`;
}

import { greatCircleKilometres } from "@tollgate/features";
import { cities, type City } from "./cities.ts";
import { dayMs, hourMs, travel } from "./parameters.ts";
import type { Customer } from "./people.ts";
import type { Random } from "@tollgate/engagement";
import { weightedChoice } from "./weighted-choice.ts";

/** A journey there and back, at a speed that an honest person can travel. */
export interface Trip {
  readonly city: number;
  readonly arrivesMs: number;
  readonly leavesMs: number;
  readonly homeMs: number;
}

/** Plans journeys: day trips nearby, holidays by how often a city is visited. */
export function createTripPlanner(random: Random): (customer: Customer, atMs: number) => Trip | undefined {
  const indices = [...cities.keys()];
  const holidays = weightedChoice(indices, (index) => cities[index]?.visitWeight ?? 0);
  const nearby = indices.map((home) =>
    indices.filter((other) => other !== home && kilometresBetween(home, other) < travel.dayTripKilometresMax),
  );
  return (customer, atMs) => {
    const near = nearby[customer.home] ?? [];
    const dayTrip = near.length > 0 && random.chance(travel.dayTripShare);
    const city = dayTrip ? random.pick(near) : holidays(random.uniform());
    if (city === customer.home) return undefined;
    const journeyMs = journeyHours(kilometresBetween(customer.home, city)) * hourMs;
    const stayMs = dayTrip
      ? random.between(...travel.dayTripHours) * hourMs
      : random.between(...travel.holidayDays) * dayMs;
    const arrivesMs = atMs + journeyMs;
    return { city, arrivesMs, leavesMs: arrivesMs + stayMs, homeMs: arrivesMs + stayMs + journeyMs };
  };
}

/** The city a customer is in, or undefined on the way: then only a web shop is at hand. */
export function whereabouts(
  customer: Customer,
  atMs: number,
  random: Random,
  homeShare: number,
): number | undefined {
  const { trip } = customer;
  if (trip === undefined) return customer.home;
  if (atMs >= trip.homeMs) {
    customer.trip = undefined;
    return customer.home;
  }
  if (customer.sharesCard && random.chance(homeShare)) return customer.home;
  return atMs >= trip.arrivesMs && atMs < trip.leavesMs ? trip.city : undefined;
}

export function kilometresBetween(first: number, second: number): number {
  const from = cities[first] as City;
  const to = cities[second] as City;
  return greatCircleKilometres(from, to);
}

function journeyHours(kilometres: number): number {
  return kilometres < travel.flightKilometresMin
    ? kilometres / travel.groundKilometresPerHour
    : travel.flightWaitingHours + kilometres / travel.flightKilometresPerHour;
}

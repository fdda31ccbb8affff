import { habitUniform } from "@tollgate/engagement";
import { cities } from "./cities.ts";
import { people } from "./parameters.ts";
import type { Customer } from "./people.ts";

/** Bands of age with the position below which they end, the youngest first: a quarter of people each, about. */
const ageBands: readonly (readonly [string, number])[] = [
  ["18-29", 0.33],
  ["30-44", 0.5],
  ["45-64", 0.68],
];
const oldestBand = "65+";
/** How much of the age is seen in how much is bought online; the rest is chance. */
const onlineWeight = 0.35;
/** Any number that no other habit uses. */
const ageHabit = 0x0a6e;

/** South of it, in degrees, is "south"; the rest is split at the other. */
const southBelow = 46;
const eastAbove = 12;

/**
 * Who the person is, for fairness only: no feature, no rule and nothing on the wire sees it. It is derived, so
 * that it draws nothing: the stream stays as it was. The young buy more online, as in life; that is how a model
 * could treat them unequally without knowing their age.
 */
export function segmentsOf(customer: Customer, channel: string): Readonly<Record<string, string>> {
  return { age_band: ageBandOf(customer), region: regionOf(customer), channel };
}

function ageBandOf({ index, onlineShare }: Customer): string {
  const online = onlineShare / (onlineShare + people.onlineShareMean);
  const position = (1 - onlineWeight) * habitUniform(index, ageHabit, 1) + onlineWeight * (1 - online);
  return ageBands.find(([, below]) => position < below)?.[0] ?? oldestBand;
}

function regionOf({ home }: Customer): string {
  const city = cities[home];
  if (city === undefined || city.latitude < southBelow) return "south";
  return city.longitude > eastAbove ? "east" : "north-west";
}

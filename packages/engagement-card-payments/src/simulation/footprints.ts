import type { Terminal } from "./merchants.ts";
import type { Card, Customer } from "./people.ts";
import type { Random } from "@tollgate/engagement";

/** One recent honest payment at a terminal: who, where, when. */
export interface Footprint {
  readonly customer: Customer;
  readonly card: Card;
  readonly terminal: Terminal;
  /** Index into the cities. */
  readonly city: number;
  readonly atMs: number;
}

/** The last honest payments with a place: a victim taken from here is somebody who is out and paying. */
export interface Footprints {
  add(footprint: Footprint): void;
  /** One of the last payments that are not older; undefined when there is none. */
  pick(random: Random, notBeforeMs: number): Footprint | undefined;
}

/** Enough for an hour of 10,000 customers: more would only remember the past. */
const remembered = 512;
/** After so many old ones the last hour is empty but for a few: nobody is out. */
const attemptsMax = 12;

export function createFootprints(): Footprints {
  const ring: Footprint[] = [];
  let next = 0;
  return {
    add(footprint) {
      ring[next] = footprint;
      next = (next + 1) % remembered;
    },
    pick(random, notBeforeMs) {
      if (ring.length === 0) return undefined;
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const found = random.pick(ring);
        if (found.atMs >= notBeforeMs) return found;
      }
      return undefined;
    },
  };
}

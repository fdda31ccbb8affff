import type { SimulationOptions } from "@tollgate/engagement";
import { scheduleCampaigns } from "./campaigns.ts";
import { scheduleCrime } from "./fraud/crime.ts";
import { createHonestLife } from "./honest-life.ts";
import { customerBounds } from "./parameters.ts";
import { createArrivals } from "./rhythm.ts";
import { scheduleSubscriptions } from "./subscriptions.ts";
import { createWorld, type SimulatedPayment } from "./world.ts";

/**
 * An endless stream of card payments in the order of their time, the same for the same options.
 * People pay when the rhythm of the day says so; everything else (rounds, trips, subscriptions, crime) waits
 * in an agenda, and whatever is due earlier comes first.
 * @throws RangeError when an option is out of its bounds.
 */
export function* simulate(options: SimulationOptions): Generator<SimulatedPayment, never, void> {
  check(options);
  const world = createWorld(options);
  const life = createHonestLife(world);
  const arrivals = createArrivals(world.random.fork("arrivals"), world.customers);
  scheduleSubscriptions(world);
  scheduleCampaigns(world, life);
  scheduleCrime(world);
  for (let nextMs = arrivals.next(options.startMs); ; nextMs = arrivals.next(nextMs)) {
    const arrivalMs = Math.floor(nextMs);
    while (world.agenda.nextMs() <= arrivalMs) {
      const payment = world.agenda.happenNext();
      if (payment !== undefined) yield payment;
    }
    yield life.pay(arrivals.who(), arrivalMs);
  }
}

function check({ seed, startMs, customers }: SimulationOptions): void {
  const { min, max } = customerBounds;
  if (!Number.isInteger(customers) || customers < min || customers > max) {
    throw new RangeError(`customers is ${customers}: it must be a whole number from ${min} to ${max}`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed is ${seed}: it must be a whole number`);
  if (!Number.isSafeInteger(startMs)) {
    throw new RangeError(`startMs is ${startMs}: it must be whole milliseconds since 1970`);
  }
}

import type { SimulatedTransaction, SimulationOptions } from "@tollgate/engagement";
import type { CardPayment } from "../transaction.ts";
import { createEventQueue, type EventQueue } from "./event-queue.ts";
import { createFootprints, type Footprints } from "./footprints.ts";
import { createMarket, type Market } from "./merchants.ts";
import { dayMs, fraud } from "./parameters.ts";
import { toPayment, type Purchase } from "./payment.ts";
import { createPeople, type Customer } from "./people.ts";
import { segmentsOf } from "./segments.ts";
import { createRandom, type Random } from "@tollgate/engagement";

export type SimulatedPayment = SimulatedTransaction<CardPayment>;

/** Something happens; when it is a payment, it is in the stream. */
type Happening = (atMs: number) => SimulatedPayment | undefined;

/** Everything that exists and everything that is about to happen. */
export interface World {
  readonly startMs: number;
  readonly idPrefix: string;
  readonly customers: readonly Customer[];
  readonly market: Market;
  /** Where cards have just been used: thieves find their victims there. */
  readonly footprints: Footprints;
  /** Honest life draws from one stream, crime from another. */
  readonly random: Random;
  readonly crime: Random;
  readonly agenda: EventQueue<SimulatedPayment | undefined>;
  /** Mean payments a millisecond, everything included. */
  readonly paymentsPerMs: number;
  /** Makes the purchase a transaction of the stream, with the next id. */
  record(purchase: Purchase, pattern: string | undefined, label: SimulatedPayment["label"]): SimulatedPayment;
  /** Puts it on the agenda; a time that has passed is refused: the stream is in order. */
  schedule(atMs: number, happen: Happening): void;
  /** A device nobody of the customers owns. */
  strangeDevice(): string;
}

export function createWorld(options: SimulationOptions): World {
  const random = createRandom(options.seed);
  const { idPrefix, startMs } = options;
  const customers = createPeople(random.fork("people"), options.customers, idPrefix);
  const agenda = createEventQueue<SimulatedPayment | undefined>();
  const basePerDay = customers.reduce((sum, customer) => sum + customer.paymentsPerDay, 0);
  let recorded = 0;
  let devices = options.customers;
  return {
    startMs,
    idPrefix,
    customers,
    agenda,
    market: createMarket(random.fork("market"), options.customers, idPrefix),
    footprints: createFootprints(),
    random: random.fork("life"),
    crime: random.fork("crime"),
    paymentsPerMs: (basePerDay * fraud.followingPayments) / dayMs,
    record(purchase, pattern, label) {
      recorded += 1;
      const id = `${idPrefix}payment-${String(recorded).padStart(9, "0")}`;
      purchase.terminal.skimmer?.(purchase.customer, purchase.card);
      const transaction = toPayment(purchase, id);
      return { transaction, pattern, label, segments: segmentsOf(purchase.customer, transaction.channel) };
    },
    schedule(atMs, happen) {
      agenda.add(Math.floor(atMs), happen);
    },
    strangeDevice() {
      devices += 1;
      return `${idPrefix}device-${String(devices).padStart(6, "0")}-1`;
    },
  };
}

/** Something that happens again and again at random times, `meanGapMs` apart in the mean. */
export function scheduleRepeatedly(
  world: World,
  random: Random,
  meanGapMs: number,
  happen: (atMs: number) => void,
): void {
  const scheduleNext = (afterMs: number): void => {
    world.schedule(afterMs + random.exponential(meanGapMs), (atMs) => {
      happen(atMs);
      scheduleNext(atMs);
      return undefined;
    });
  };
  scheduleNext(world.startMs);
}

import fc from "fast-check";
import { payment, type Payment } from "./payments.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 0, 5);

/** A payment as it reaches the platform, and what becomes known of it later. */
export interface Arrival {
  readonly payment: Payment;
  readonly arrivesAtMs: number;
  /** When it is labelled fraud, and when that label is taken back. */
  readonly fraudAtMs: number;
  readonly takenBackAtMs: number;
  readonly isRedelivered: boolean;
  /** Whether the state goes through its bytes after it. */
  readonly restarts: boolean;
}

/** Bursts of seconds, ordinary gaps of hours, silences of days. */
const gaps = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }),
  fc.integer({ min: 0, max: 20_000 }),
  fc.integer({ min: 0, max: 6 * hourMs }),
  fc.integer({ min: 0, max: 9 * dayMs }),
);

/** Most come at once; some minutes, hours or days after they happened. */
const lateness = fc.oneof(
  fc.constant(0),
  fc.constant(0),
  fc.integer({ min: 0, max: 10 * minuteMs }),
  fc.integer({ min: 0, max: 6 * hourMs }),
  fc.integer({ min: 0, max: 5 * dayMs }),
);

const cents = fc.oneof(
  fc.integer({ min: 0, max: 50_000 }),
  fc.integer({ min: -50_000, max: 50_000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }),
);

const never = Number.POSITIVE_INFINITY;
const labelDelays = fc.oneof(fc.constant(never), fc.integer({ min: 0, max: 40 * dayMs }));

const steps = fc.record({
  gapMs: gaps,
  lateMs: lateness,
  /** Beside or on the edge of a tile, where many are of one time; else anywhere. */
  edge: fc.option(fc.constantFrom(-1, 0, 1), { nil: undefined, freq: 2 }),
  cents,
  online: fc.boolean(),
  shop: fc.constantFrom("a", "b", "c", "d"),
  fraudAfterMs: labelDelays,
  takenBackAfterMs: labelDelays,
  isRedelivered: fc.boolean(),
  restarts: fc.boolean(),
});

/** One card's payments in the order of their arrival, many of them late, with their labels. */
export function lateStreams(length: {
  readonly minLength: number;
  readonly maxLength: number;
}): fc.Arbitrary<readonly Arrival[]> {
  // A fiftieth of all gaps makes streams of one day, which are longer than a ring.
  return fc.tuple(fc.array(steps, length), fc.constantFrom(1, 50)).map(([all, divisor]) => {
    let clockMs = startMs;
    return all.map((step, position) => {
      clockMs += Math.floor(step.gapMs / divisor);
      const { edge, online, shop, isRedelivered, restarts } = step;
      const beganMs = clockMs - step.lateMs;
      const grid = step.lateMs > hourMs ? 12 * hourMs : 5 * minuteMs;
      const atMs = edge === undefined ? beganMs : Math.floor(beganMs / grid) * grid + edge;
      const id = `p${position}`;
      const fraudAtMs = clockMs + step.fraudAfterMs;
      return {
        payment: payment(atMs, { id, amount: step.cents / 100, online, shop }),
        arrivesAtMs: clockMs,
        fraudAtMs,
        takenBackAtMs: fraudAtMs + step.takenBackAfterMs,
        isRedelivered,
        restarts,
      };
    });
  });
}

import fc from "fast-check";
import { stateBytes, type CompiledEntity, type EntityState } from "../src/index.ts";
import { payment, type Payment } from "./payments.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 0, 5);

/** Bursts of seconds, ordinary gaps of hours, silences of days, ties, and up to four minutes late. */
const gaps = fc.oneof(
  fc.integer({ min: 0, max: 20_000 }),
  fc.integer({ min: 0, max: 6 * hourMs }),
  fc.integer({ min: 0, max: 12 * dayMs }),
  fc.constant(0),
  fc.integer({ min: -4 * minuteMs, max: 0 }),
);

/** Streams of one card's payments in the order of their arrival. */
export function streams(maxLength: number): fc.Arbitrary<readonly Payment[]> {
  const step = fc.record({
    gapMs: gaps,
    cents: fc.oneof(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 2_000_000_000 })),
    online: fc.boolean(),
    shop: fc.constantFrom("a", "b", "c", "d"),
    latitude: fc.option(fc.integer({ min: -800_000, max: 800_000 }), { nil: undefined }),
  });
  return fc.array(step, { minLength: 1, maxLength }).map((steps) => {
    let atMs = startMs;
    return steps.map(({ gapMs, cents, online, shop, latitude }, position) => {
      atMs += gapMs;
      const place = latitude === undefined ? {} : { latitude: latitude / 1e4, longitude: latitude / 5e3 };
      return payment(atMs, { id: `p${position}`, amount: cents / 100, online, shop, ...place });
    });
  });
}

/** A state after all of some payments. */
export function stateAfter(entity: CompiledEntity<Payment>, payments: readonly Payment[]): EntityState {
  const state = entity.empty();
  for (const past of payments) entity.apply(state, past);
  return state;
}

export function bytesOf(state: EntityState): string {
  return Buffer.from(stateBytes(state)).toString("hex");
}

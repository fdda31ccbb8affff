import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFeatureSet } from "../src/index.ts";
import { aggregate, cardEntity, online, payment, type Payment } from "./payments.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 0, 5);

/** Gaps between payments from seconds to days, some out of order. */
const streams = fc.array(
  fc.record({
    gapMs: fc.integer({ min: -20 * 60_000, max: 6 * hourMs }),
    amount: fc.integer({ min: 0, max: 500 }),
    online: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

function paymentsOf(stream: readonly { gapMs: number; amount: number; online: boolean }[]): Payment[] {
  let atMs = startMs + 40 * dayMs;
  return stream.map((step, position) => {
    atMs += step.gapMs;
    return payment(atMs, { id: `p${position}`, amount: step.amount, online: step.online });
  });
}

/** Slow and plain: what the windows are defined to hold, this payment included. */
function bruteForce(
  before: readonly Payment[],
  now: Payment,
  lengthMs: number,
): { readonly count: number; readonly onlineCount: number; readonly sum: number } {
  const inside = before.filter(
    (past) => past.occurredAtMs > now.occurredAtMs - lengthMs && past.occurredAtMs <= now.occurredAtMs,
  );
  const all = [...inside, now];
  return {
    count: all.length,
    onlineCount: all.filter((past) => past.online).length,
    sum: all.reduce((total, past) => total + past.amount, 0),
  };
}

test("while the ring holds a window, counts, sum and mean are exact, whatever the order", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [cardEntity(64)],
    features: [
      aggregate("count", "1h"),
      aggregate("count", "24h", online),
      aggregate("sum", "7d"),
      aggregate("mean", "30d"),
    ],
  });
  const [card] = featureSet.entities;
  fc.assert(
    fc.property(streams, (stream) => {
      const state = card?.empty() ?? null;
      const before: Payment[] = [];
      const vector = new Float32Array(featureSet.size);
      for (const now of paymentsOf(stream)) {
        featureSet.compute(now, [state], vector, 0);
        const month = bruteForce(before, now, 30 * dayMs);
        expect([...vector]).toEqual([
          bruteForce(before, now, hourMs).count,
          bruteForce(before, now, dayMs).onlineCount,
          bruteForce(before, now, 7 * dayMs).sum,
          Math.fround(month.sum / month.count),
        ]);
        if (state !== null) card?.apply(state, now);
        before.push(now);
      }
    }),
  );
});

test("beyond the ring a window from tiles lies between the window and the window less one tile", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [cardEntity(0)],
    features: [aggregate("count", "1h"), aggregate("count", "24h"), aggregate("count", "7d")],
  });
  const bounds = [
    { lengthMs: hourMs, tileMs: 5 * 60_000 },
    { lengthMs: dayMs, tileMs: hourMs },
    { lengthMs: 7 * dayMs, tileMs: dayMs },
  ];
  const [card] = featureSet.entities;
  const forward = streams.map((stream) => stream.map((step) => ({ ...step, gapMs: Math.abs(step.gapMs) })));
  fc.assert(
    fc.property(forward, (stream) => {
      const state = card?.empty() ?? null;
      const before: Payment[] = [];
      const vector = new Float32Array(featureSet.size);
      for (const now of paymentsOf(stream)) {
        featureSet.compute(now, [state], vector, 0);
        for (const [column, { lengthMs, tileMs }] of bounds.entries()) {
          expect(vector[column]).toBeLessThanOrEqual(bruteForce(before, now, lengthMs).count);
          expect(vector[column]).toBeGreaterThanOrEqual(bruteForce(before, now, lengthMs - tileMs).count);
        }
        if (state !== null) card?.apply(state, now);
        before.push(now);
      }
    }),
  );
});

test("a state survives its bytes: the next vector is the same, bit for bit", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [cardEntity(8)],
    features: [aggregate("count", "1h"), aggregate("sum", "24h"), aggregate("mean", "30d", online)],
  });
  const [card] = featureSet.entities;
  if (card === undefined) throw new Error("no entity");
  fc.assert(
    fc.property(streams, (stream) => {
      const kept = card.empty();
      let reloaded = card.empty();
      const vectors = [new Float32Array(featureSet.size), new Float32Array(featureSet.size)] as const;
      for (const now of paymentsOf(stream)) {
        featureSet.compute(now, [kept], vectors[0], 0);
        featureSet.compute(now, [reloaded], vectors[1], 0);
        expect(vectors[1]).toEqual(vectors[0]);
        card.apply(kept, now);
        card.apply(reloaded, now);
        reloaded = card.load(new Uint8Array(reloaded.buffer));
      }
    }),
  );
});

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  createDriftCounters,
  driftLimits,
  type DriftCounters,
  type ReferenceProfile,
  type ReferenceRow,
} from "../src/index.ts";
import { decisionOf, hourMs, labelOf, payments, shopProfile, startMs } from "./support/shop.ts";

const nowMs = startMs + 40 * 24 * hourMs;
let profile: ReferenceProfile;
let rows: readonly ReferenceRow[];

/** Null tables are drawn: seconds on a busy machine. */
const setUpMs = 120_000;

beforeAll(() => {
  profile = shopProfile();
  rows = [...payments({ seed: 5, fromMs: startMs, days: 3, perDay: 100 })];
}, setUpMs);

function feed(counters: DriftCounters, of: Iterable<ReferenceRow>): DriftCounters {
  for (const row of of) {
    counters.count(decisionOf(row), nowMs);
    const label = labelOf(row);
    if (label !== undefined) counters.countLabel(label, nowMs);
  }
  return counters;
}

function bytesOf(counters: DriftCounters): readonly unknown[] {
  return counters.tiles().map(({ key, bytes }) => [key, Buffer.from(bytes ?? []).toString("hex")]);
}

test("counters merged in any partition and any order are one replica's, byte for byte", () => {
  const whole = bytesOf(feed(createDriftCounters(profile), rows));
  const replicas = fc.array(fc.integer({ min: 0, max: 3 }), {
    minLength: rows.length,
    maxLength: rows.length,
  });
  const shuffled = fc.shuffledSubarray([...rows.keys()], { minLength: rows.length, maxLength: rows.length });
  const mergeOrder = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(replicas, shuffled, mergeOrder, (owners, order, merging) => {
      const parts = Array.from({ length: 4 }, () => createDriftCounters(profile));
      for (const index of order) {
        const part = parts[owners[index] ?? 0];
        const row = rows[index];
        if (part !== undefined && row !== undefined) feed(part, [row]);
      }
      const merged = createDriftCounters(profile);
      for (const place of merging) merged.merge(parts[place] ?? merged);
      expect(bytesOf(merged)).toEqual(whole);
    }),
    { seed: 7, numRuns: 10 },
  );
});

test("announcing the latest event time changes no count", () => {
  const announced = createDriftCounters(profile);
  announced.expect(Math.max(...rows.map(({ occurredAtMs }) => occurredAtMs)));
  expect(bytesOf(feed(announced, rows))).toEqual(bytesOf(feed(createDriftCounters(profile), rows)));
});

test("a sliding window is the sum of the tumbling windows it holds", () => {
  const counters = feed(createDriftCounters(profile), rows);
  const hour = (index: number): { readonly counts: Float64Array; readonly sums: Float64Array } =>
    counters.window({
      segment: 0,
      fromMs: startMs + index * hourMs,
      untilMs: startMs + (index + 1) * hourMs,
    });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 71 }), fc.integer({ min: 1, max: 24 }), (first, length) => {
      const fromMs = startMs + first * hourMs;
      const sliding = counters.window({ segment: 0, fromMs, untilMs: fromMs + length * hourMs });
      const counts = new Float64Array(sliding.counts.length);
      const sums = new Float64Array(sliding.sums.length);
      for (let index = first; index < first + length; index += 1) {
        hour(index).counts.forEach((count, slot) => (counts[slot] = (counts[slot] ?? 0) + count));
        hour(index).sums.forEach((sum, slot) => (sums[slot] = (sums[slot] ?? 0) + sum));
      }
      expect(sliding.counts).toEqual(counts);
      expect(sliding.sums).toEqual(sums);
    }),
    { seed: 8, numRuns: 50 },
  );
});

test("tiles that were stored and loaded again are the same, and what changed is named", () => {
  const counters = feed(createDriftCounters(profile), rows);
  const stored = new Map<string, { readonly bytes: Uint8Array | undefined }>();
  const loaded = createDriftCounters(profile);
  for (const { key, bytes } of counters.takeChanges()) stored.set(JSON.stringify(key), { bytes });
  expect(counters.takeChanges()).toEqual([]);
  for (const [key, { bytes }] of stored) if (bytes !== undefined) loaded.load(JSON.parse(key), bytes);
  expect(bytesOf(loaded)).toEqual(bytesOf(counters));
  counters.count(decisionOf(rows.at(-1) as ReferenceRow), nowMs);
  expect(counters.takeChanges().length).toBe(2);
});

test("any bytes that are no tile are refused, none crashes", () => {
  const counters = feed(createDriftCounters(profile), rows.slice(0, 50));
  const [tile] = counters.tiles();
  const key = { segment: 0, startMs, widthMs: hourMs };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(() => createDriftCounters(profile).load(key, bytes)).toThrow("BAD_TILE");
    }),
    { seed: 9, numRuns: 200 },
  );
  const cut = tile?.bytes?.slice(0, -3) ?? new Uint8Array();
  expect(() => createDriftCounters(profile).load(key, cut)).toThrow("BAD_TILE");
});

test("a late decision counts in its hour, one from the future or without a time is refused", () => {
  const counters = feed(createDriftCounters(profile), rows);
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  const before = counters.window({ segment: 0, fromMs: startMs, untilMs: startMs + hourMs });
  expect(counters.count(decisionOf({ ...row, occurredAtMs: startMs + 60_000 }), nowMs)).toBe("counted");
  const after = counters.window({ segment: 0, fromMs: startMs, untilMs: startMs + hourMs });
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  expect(sum(after.counts)).toBeGreaterThan(sum(before.counts));
  const future = nowMs + driftLimits.futureToleranceMs + 1;
  expect(counters.count(decisionOf({ ...row, occurredAtMs: future }), nowMs)).toBe("future");
  expect(counters.count(decisionOf({ ...row, occurredAtMs: Number.NaN }), nowMs)).toBe("bad-time");
  const old = startMs - driftLimits.hourTilesMs - 24 * hourMs;
  expect(counters.count(decisionOf({ ...row, occurredAtMs: old }), nowMs)).toBe("too-late");
  expect(counters.refused).toEqual({ future: 1, "bad-time": 1, "too-late": 1 });
});

test("four months of decisions keep no more tiles than the limits say", () => {
  const counters = createDriftCounters(profile);
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  for (let hour = 0; hour < 120 * 24; hour += 1) {
    const occurredAtMs = startMs + hour * hourMs;
    counters.count(decisionOf({ ...row, occurredAtMs }), occurredAtMs);
  }
  const segments = 2;
  const hours = driftLimits.hourTilesMs / hourMs + 1;
  expect(counters.tileCount).toBeLessThanOrEqual(
    segments * (hours + driftLimits.minuteTilesMs / 60_000 + 60),
  );
  expect(counters.oldestMs).toBeGreaterThan(
    startMs + 120 * 24 * hourMs - driftLimits.hourTilesMs - 2 * hourMs,
  );
});

test("a feature of a tile takes at most 200 bytes, in memory and stored", () => {
  const counters = feed(createDriftCounters(profile), rows);
  const { groups, slots, sumSlots } = counters.layout;
  for (const { histogram } of groups) expect(4 * histogram.slots).toBeLessThanOrEqual(200);
  expect((4 * slots + 8 * sumSlots) / groups.length).toBeLessThanOrEqual(200);
  for (const { bytes } of counters.tiles()) {
    expect((bytes?.length ?? 0) / groups.length).toBeLessThanOrEqual(200);
  }
});

test("segments are counted apart and sum to all", () => {
  const counters = feed(createDriftCounters(profile), rows);
  const untilMs = startMs + 72 * hourMs;
  const of = (segment: number): Float64Array => counters.window({ segment, fromMs: startMs, untilMs }).counts;
  const [all, one, other] = [of(0), of(1), of(2)];
  expect(all).toEqual(one.map((count, slot) => count + (other[slot] ?? 0)));
});

test("a decision without a usable vector counts as a fault of quality, not as a value", () => {
  const counters = createDriftCounters(profile);
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  const { vector: _none, ...rest } = decisionOf(row);
  counters.count({ ...rest, vector: undefined, vectorFault: "other-feature-set" }, nowMs);
  counters.count({ ...rest, vector: new Float32Array(2) }, nowMs);
  const hour = Math.floor(row.occurredAtMs / hourMs) * hourMs;
  const { counts, layout } = counters.window({ segment: 0, fromMs: hour, untilMs: hour + hourMs });
  const vector = counts.slice(layout.vector.first, layout.vector.first + 5);
  expect([...vector]).toEqual([0, 0, 0, 1, 1]);
  const [amount] = layout.groups;
  expect(counts.slice(0, amount?.histogram.slots).every((count) => count === 0)).toBe(true);
});

import type { DecisionRecord } from "@tollgate/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRepetitionWindow, repetitionWindowStart, scoringLimits } from "../src/index.ts";

const block = scoringLimits.repetitionBlockRecords;

interface Seen {
  readonly id: string;
  readonly generation: number;
  readonly version: number;
  readonly card?: string;
}

/** Only what the window looks at. */
function record({ id, generation, version, card = "card-1" }: Seen): DecisionRecord {
  const statesRead = [{ entity: "card", key: card, version, status: "PRESENT" }];
  return { transactionId: id, partitionKey: card, generation, statesRead } as unknown as DecisionRecord;
}

const counted = (id: string, version: number, generation = 1): DecisionRecord =>
  record({ id, version, generation });

test("a transaction that stands twice in the log is a repetition, counted or not", () => {
  const window = createRepetitionWindow(0, "card");
  const verdicts = [
    counted("a", 5),
    counted("b", 6),
    counted("a", 5),
    record({ id: "b", generation: 0, version: 0 }),
    record({ id: "c", generation: 0, version: 0 }),
    counted("c", 7),
  ].map((one, offset) => window.isRepetition(offset, one));
  expect(verdicts).toEqual([false, false, true, true, false, true]);
});

test("an id whose claim had expired and that was counted a second time is no repetition", () => {
  const window = createRepetitionWindow(0, "card");
  expect(window.isRepetition(0, counted("a", 5))).toBe(false);
  expect(window.isRepetition(1, counted("a", 9))).toBe(false);
  expect(window.isRepetition(2, counted("a", 9))).toBe(true);
  // In another generation versions mean other states: the claim was not found, but it is the same one.
  expect(window.isRepetition(3, counted("a", 11, 2))).toBe(true);
});

test("one id that two cards were decided under is no repetition, at the same version neither", () => {
  const window = createRepetitionWindow(0, "card");
  const seen = { id: "a", generation: 1, version: 0 };
  const log = [record(seen), record({ ...seen, card: "card-2" }), record(seen)];
  expect(log.map((one, offset) => window.isRepetition(offset, one))).toEqual([false, false, true]);
});

test("asked again about an offset it says the same", () => {
  const window = createRepetitionWindow(0, "card");
  const log = [counted("a", 1), counted("a", 1), counted("a", 4), counted("b", 5)];
  const first = log.map((one, offset) => window.isRepetition(offset, one));
  expect(log.map((one, offset) => window.isRepetition(offset, one))).toEqual(first);
  expect(window.nextOffset).toBe(4);
});

test("a repetition is recognised across at least a block, and what is older is forgotten", () => {
  const window = createRepetitionWindow(0, "card");
  window.isRepetition(0, counted("a", 1));
  expect(window.isRepetition(2 * block - 1, counted("a", 1))).toBe(true);
  expect(window.judges(block)).toBe(true);
  window.isRepetition(4 * block, counted("b", 1));
  expect(window.isRepetition(4 * block + 1, counted("a", 1))).toBe(false);
  expect(window.judges(block)).toBe(false);
});

test("whoever starts late judges as whoever has read everything", () => {
  const gap = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: block }));
  const step = fc.record({
    gap,
    id: fc.constantFrom("a", "b", "c"),
    generation: fc.integer({ min: 0, max: 2 }),
    version: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat(), (steps, choice) => {
      let offset = 0;
      const log = steps.map((one) => ({ offset: (offset += one.gap), record: record(one) }));
      const whole = createRepetitionWindow(0, "card");
      const verdicts = log.map((one) => whole.isRepetition(one.offset, one.record));
      const from = log[choice % log.length]?.offset ?? 0;
      const start = repetitionWindowStart(from);
      const late = createRepetitionWindow(start, "card");
      expect(late.judges(from)).toBe(true);
      for (const [position, one] of log.entries()) {
        if (one.offset < start) continue;
        const verdict = late.isRepetition(one.offset, one.record);
        if (one.offset >= from) expect(verdict).toBe(verdicts[position]);
      }
    }),
    { numRuns: 500 },
  );
});

test("versions of two layouts are no two countings, though their generations have the same number", () => {
  const window = createRepetitionWindow(0, "card");
  const of = (version: number, layout: string): DecisionRecord => ({ ...counted("a", version), layout });
  expect(window.isRepetition(0, of(3, "0badcafe"))).toBe(false);
  expect(window.isRepetition(1, of(5, "1f3a9c07"))).toBe(true);
  expect(window.isRepetition(2, of(6, "1f3a9c07"))).toBe(false);
});

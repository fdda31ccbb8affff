import { expect, test } from "vitest";
import { stepKinds } from "../src/entity-order.ts";
import { createEntityReplay, type ReplayFault, type ReplayStep } from "../src/replay-entity.ts";
import { compiledShop, sale, shopStartMs, type Sale } from "./shop-engagement.ts";

const { featureSet } = compiledShop();
const [card] = featureSet.entities;

/** Replays steps of one card: for each decision how many events its state held, or the fault. */
function outcomes(steps: readonly Partial<ReplayStep>[]): Record<number, number | ReplayFault> {
  if (card === undefined) throw new Error("no card");
  const result: Record<number, number | ReplayFault> = {};
  const replay = createEntityReplay<Sale>(card, (wire) => wire as Sale, {
    computed: (number, _transaction, state) => void (result[number] = state.float64[0] ?? -1),
    failed: (number, fault) => void (result[number] = fault),
  });
  for (const [position, step] of steps.entries()) {
    const number = step.number ?? position;
    const wire = JSON.stringify(sale(`s-${number}`, shopStartMs + number * 60_000));
    replay.next({
      ...counted,
      number,
      version: position,
      wire,
      ...step,
    });
  }
  return result;
}

const counted = {
  key: "card-1",
  lane: 1,
  epoch: 1,
  kind: stepKinds.counted,
  present: true,
  uncertain: false,
  fraud: false,
  labelledAtMs: 0,
} as const;
const event = { kind: stepKinds.event, version: null } as const;
const unsure = { kind: stepKinds.read, uncertain: true } as const;

test("a decision finds the state that held as many events as it says", () => {
  expect(outcomes([{}, {}, {}])).toEqual({ 0: 0, 1: 1, 2: 2 });
});

test("a version that the log cannot explain is named, and so is all that follows", () => {
  expect(outcomes([{}, { version: 2 }, { version: 3 }])).toEqual({
    0: 0,
    1: "state-not-in-log",
    2: "state-not-in-log",
  });
});

test("a write that may have been made stands where its own event is put, and nothing is in doubt", () => {
  const steps = [
    {},
    { ...unsure, number: 7, version: 1 },
    { ...event, number: 7 },
    { number: 8, version: 2 },
  ];
  expect(outcomes(steps)).toEqual({ 0: 0, 7: 1, 8: 2 });
});

test("between two events that may have come in either order no state is guessed", () => {
  const steps = [
    {},
    { ...unsure, number: 7, version: 1 },
    { ...event, number: 5 },
    { number: 8, version: 2 },
    { ...event, number: 7 },
    { number: 9, version: 4 },
  ];
  expect(outcomes(steps)).toEqual({ 0: 0, 7: 1, 8: "order-unknown", 9: 4 });
});

test("the second payment of a batch that was not written saw what nobody else saw", () => {
  const steps = [
    {},
    { ...unsure, number: 7, version: 1 },
    { number: 3, version: 1 },
    { ...unsure, number: 8, version: 2 },
    { number: 4, version: 2 },
  ];
  expect(outcomes(steps)).toEqual({ 0: 0, 7: 1, 3: 1, 8: "order-unknown", 4: 2 });
});

test("another card, generation or epoch begins empty", () => {
  const steps = [
    {},
    { key: "card-2", version: 0 },
    { lane: 2, version: 0 },
    { lane: 2, epoch: 2, version: 0 },
  ];
  expect(outcomes(steps)).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0 });
});

import { compileFeatureSet, lastEventMsOf, type EntityState } from "@tollgate/features";
import { expect, test } from "vitest";
import { engagement, type CardPayment } from "../src/index.ts";
import { handbookFeatureSet, handbookPublishedFeatures } from "../src/handbook-features.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const delayMs = 7 * dayMs;
const windowsMs = [dayMs, 7 * dayMs, 30 * dayMs] as const;
/** Width of the tiles of a label rate over 1, 7 and 30 days: its window ends at most this much early. */
const tilesMs = [30 * minuteMs, 180 * minuteMs, 720 * minuteMs] as const;
const payments = 1500;
const seed = 20_180_401;

interface Sample {
  readonly payment: CardPayment;
  readonly fraud: boolean;
}

/** Five customers at twelve terminals over some sixty days; every ninth payment is fraud. */
function samples(): readonly Sample[] {
  const random = randomOf(seed);
  const dataset = engagement.datasets.find(({ name }) => name === "handbook");
  if (dataset === undefined) throw new Error("no importer");
  let atMs = Date.UTC(2018, 3, 1);
  return Array.from({ length: payments }, (_, number) => {
    atMs += Math.floor(random() * 115) * minuteMs;
    const row = {
      TRANSACTION_ID: number,
      TX_DATETIME: new Date(atMs),
      CUSTOMER_ID: Math.floor(random() * 5),
      TERMINAL_ID: Math.floor(random() * 12),
      TX_AMOUNT: Math.round(random() * 30_000) / 100,
      TX_FRAUD: random() < 1 / 9 ? 1 : 0,
    };
    const { transaction, fraud } = dataset.toTransaction(row, number);
    return { payment: engagement.transaction.fromWire(transaction), fraud: fraud === true };
  });
}

/** The features by the engine, labels arriving seven days after their transaction. */
function byTheEngine(sampled: readonly Sample[]): readonly Float32Array[] {
  const featureSet = compileFeatureSet(handbookFeatureSet);
  const memories = featureSet.entities.map((entity) => ({ entity, states: new Map<string, EntityState>() }));
  let labelled = 0;
  return sampled.map(({ payment }) => {
    for (; ; labelled += 1) {
      const due = sampled[labelled];
      if (due === undefined || due.payment.occurredAtMs + delayMs > payment.occurredAtMs) break;
      if (!due.fraud) continue;
      const labelledAtMs = due.payment.occurredAtMs + delayMs;
      const label = { transaction: due.payment, fraud: true, labelledAtMs };
      for (const { entity, states } of memories) {
        const state = states.get(entity.key(due.payment));
        if (state !== undefined) entity.applyLabel(state, label);
      }
    }
    const states = memories.map(({ entity, states: known }) => known.get(entity.key(payment)) ?? null);
    const vector = new Float32Array(featureSet.size);
    featureSet.compute(payment, states, vector, 0);
    for (const [position, { entity, states: known }] of memories.entries()) {
      const state = states[position] ?? entity.empty();
      known.set(entity.key(payment), state);
      entity.apply(state, payment);
      expect(lastEventMsOf(state)).toBe(payment.occurredAtMs);
    }
    return vector;
  });
}

/** The Handbook's words as plain code: windows are open on the left and closed on the right. */
function byDefinition(sampled: readonly Sample[], number: number): readonly number[] {
  const now = sampled[number];
  if (now === undefined) throw new Error("no such sample");
  const { payment } = now;
  const within = (of: readonly Sample[], fromMs: number, untilMs: number): readonly Sample[] =>
    of.filter(
      ({ payment: { occurredAtMs } }) =>
        occurredAtMs > payment.occurredAtMs - fromMs && occurredAtMs <= payment.occurredAtMs - untilMs,
    );
  const soFar = sampled.slice(0, number + 1);
  const own = soFar.filter((past) => past.payment.cardId === payment.cardId);
  const there = soFar.filter((past) => past.payment.terminalId === payment.terminalId);
  const time = new Date(payment.occurredAtMs);
  const weekday = time.getUTCDay();
  return [
    payment.amountMinor / 100,
    weekday === 0 || weekday === 6 ? 1 : 0,
    time.getUTCHours() <= 6 ? 1 : 0,
    ...windowsMs.flatMap((windowMs) => {
      const inWindow = within(own, windowMs, 0);
      const total = inWindow.reduce((sum, past) => sum + past.payment.amountMinor, 0);
      return [inWindow.length, total / 100 / inWindow.length];
    }),
    ...windowsMs.flatMap((windowMs, position) => {
      const tileMs = tilesMs[position] ?? 0;
      const endMs = Math.floor((payment.occurredAtMs - delayMs) / tileMs) * tileMs;
      const inTiles = there.filter(
        ({ payment: { occurredAtMs } }) => occurredAtMs >= endMs - windowMs && occurredAtMs < endMs,
      );
      const frauds = inTiles.filter(({ fraud }) => fraud).length;
      const count = within(there, windowMs + delayMs, delayMs).length;
      return [count, inTiles.length === 0 ? 0 : frauds / inTiles.length];
    }),
  ];
}

test("the published features are those of the Handbook; label rates of windows that end on a tile", () => {
  const sampled = samples();
  const vectors = byTheEngine(sampled);
  expect(handbookPublishedFeatures).toBe(15);
  for (let number = 0; number < payments; number += 1) {
    const published = vectors[number]?.subarray(0, handbookPublishedFeatures) ?? new Float32Array();
    expect([...published]).toEqual(byDefinition(sampled, number).map(Math.fround));
  }
});

/** mulberry32: the same numbers for the same seed. */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

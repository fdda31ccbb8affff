import { expect, test } from "vitest";
import { compileFeatureSet } from "@tollgate/features";
import { handbookFeatureSet, handbookPublishedFeatures } from "../src/handbook-features.ts";
import { engagement } from "../src/index.ts";
import { handbookEngine, labelDelayMs, type Sample } from "./handbook-engine.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const windowsMs = [dayMs, 7 * dayMs, 30 * dayMs] as const;
const payments = 1500;
const seed = 20_180_401;

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
    ...windowsMs.flatMap((windowMs) => {
      const inWindow = within(there, windowMs + labelDelayMs, labelDelayMs);
      const frauds = inWindow.filter(({ fraud }) => fraud).length;
      return [inWindow.length, inWindow.length === 0 ? 0 : frauds / inWindow.length];
    }),
  ];
}

test("the published features are exactly those of the Handbook", () => {
  const sampled = samples();
  const next = handbookEngine();
  expect(handbookPublishedFeatures).toBe(15);
  for (const [number, sample] of sampled.entries()) {
    const published = next(sample).subarray(0, handbookPublishedFeatures);
    expect([...published]).toEqual(byDefinition(sampled, number).map(Math.fround));
  }
});

test("the highest risk of a terminal is above 0 when any of its windows knows a fraud", () => {
  const next = handbookEngine();
  const names = compileFeatureSet(handbookFeatureSet).features.map(({ name }) => name);
  const highest = names.indexOf("derived:highest_risk_28d");
  const rates = ["1d", "3d", "335h", "502h"].map((window) =>
    names.indexOf(`terminal@v1:label_rate_${window}_delay_7d`),
  );
  let onlySomeKnow = 0;
  for (const sample of samples()) {
    const vector = next(sample);
    const known = rates.map((column) => vector[column] ?? Number.NaN);
    expect(vector[highest]).toBe(Math.max(...known));
    if (known.includes(0) && Math.max(...known) > 0) onlySomeKnow += 1;
  }
  expect(onlySomeKnow).toBeGreaterThan(100);
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

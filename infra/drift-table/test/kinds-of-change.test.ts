import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { kindsOfChange } from "../src/kinds-of-change.ts";
import { summarise } from "../src/peer-verdicts.ts";
import type { SimulatedPayment } from "../src/simulated-row.ts";

const startMs = Date.UTC(2026, 0, 5);

function simulated(): readonly SimulatedPayment[] {
  const taken: SimulatedPayment[] = [];
  const options = { seed: 9, startMs, customers: 300, idPrefix: "t-" };
  for (const payment of engagement.simulate(options)) {
    if (payment.transaction.occurredAtMs >= startMs + 7 * 86_400_000) break;
    taken.push(payment);
  }
  return taken;
}

test("there are twelve kinds; each planted stream is in the order of time and always the same", () => {
  const payments = simulated();
  expect(new Set(kindsOfChange.map(({ kind }) => kind)).size).toBe(12);
  for (const { change, shouldAlarm, named } of kindsOfChange) {
    const planted = change(payments, startMs);
    const times = planted.map(({ transaction }) => transaction.occurredAtMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(change(payments, startMs)).toEqual(planted);
    expect(named.length > 0).toBe(shouldAlarm);
  }
});

test("another tool's days come to its first alarm, and whether that names a right column", () => {
  expect(summarise([[], ["x"], ["amount"]], ["amount"])).toEqual({
    firstDay: 2,
    isNamed: false,
    alarmDays: 2,
  });
  expect(summarise([[], []], [])).toEqual({ firstDay: undefined, isNamed: false, alarmDays: 0 });
});

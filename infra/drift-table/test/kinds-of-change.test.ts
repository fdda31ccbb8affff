import type { DriftVerdict } from "@tollgate/contracts";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { kindsOfChange } from "../src/kinds-of-change.ts";
import { summarise } from "../src/peer-verdicts.ts";
import { withoutCommonAlarms, type WatchedChange } from "../src/watch-change.ts";
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

test("an alarm that the stream without the change has too is not the change's", () => {
  const quiet = kindsOfChange.find(({ shouldAlarm }) => !shouldAlarm);
  if (quiet === undefined) throw new Error("every kind should alarm");
  const alarm = (verdictId: string, until: string): DriftVerdict =>
    ({ verdictId, status: "drifted", window: { kind: "day", from: until, until }, findings: [] }) as never;
  const shared = alarm("a", "2026-01-06T00:00:00.000Z");
  const own = alarm("b", "2026-01-07T00:00:00.000Z");
  const watched = (alarms: readonly DriftVerdict[]): WatchedChange => ({
    change: quiet,
    alarms,
    hours: 24,
    found: [],
    isFirst: true,
    verdict: alarms[0],
  });
  const of = { healthy: [shared], changeMs: startMs };
  expect(withoutCommonAlarms(watched([shared]), of)).toMatchObject({ alarms: [], verdict: undefined });
  expect(withoutCommonAlarms(watched([shared, own]), of)).toMatchObject({ alarms: [own], hours: 48 });
});

import { expect, test } from "vitest";
import { createDecisionTally, type DecisionTally } from "../src/decision-tally.ts";

function decide(tally: DecisionTally, number: number, outcome: "approve" | "review" | "decline"): void {
  const transactionId = `d1-payment-${String(number).padStart(9, "0")}`;
  tally.addDecision({ transactionId, outcome, amountText: "", score: 0.5, reasons: [] });
}

function label(tally: DecisionTally, number: number, fraud: boolean): void {
  tally.addLabel({ transactionId: `d1-payment-${number}`, fraud });
}

test("a decision that is on the log twice counts once, and is reported as repeated", () => {
  const tally = createDecisionTally({ idPrefix: "d1-", alertsKept: 3 });
  decide(tally, 0, "approve");
  decide(tally, 500_000, "decline");
  decide(tally, 500_000, "decline");
  expect([tally.decided, tally.repeated, tally.approved, tally.declined]).toEqual([2, 1, 1, 1]);
});

test("fraud that was reviewed or declined counts as caught, whether label or decision comes first", () => {
  const tally = createDecisionTally({ idPrefix: "d1-", alertsKept: 3 });
  label(tally, 1, true);
  for (const [number, outcome] of [
    [1, "review"],
    [2, "decline"],
    [3, "approve"],
    [4, "decline"],
  ] as const) {
    decide(tally, number, outcome);
  }
  label(tally, 2, true);
  label(tally, 3, true);
  label(tally, 4, false);
  expect([tally.fraudCaught, tally.fraudMissed, tally.honestDeclined]).toEqual([2, 1, 1]);
});

test("only the latest alerts are kept, newest first, and approvals are none", () => {
  const tally = createDecisionTally({ idPrefix: "d1-", alertsKept: 2 });
  for (const number of [1, 2, 3]) decide(tally, number, "review");
  decide(tally, 4, "approve");
  expect(tally.alerts.map((alert) => alert.transactionId)).toEqual([
    "d1-payment-000000003",
    "d1-payment-000000002",
  ]);
});

test("what a person sends beside the stream is shown and not counted, whatever its id", () => {
  const tally = createDecisionTally({ idPrefix: "d1-", alertsKept: 2 });
  decide(tally, 1, "approve");
  const mine = { outcome: "approve", amountText: "", score: 0.1, reasons: [] } as const;
  tally.addDecision({ ...mine, transactionId: "my-first-payment" });
  tally.addLabel({ transactionId: "my-first-payment", fraud: true });
  expect([tally.decided, tally.repeated, tally.fraudMissed]).toEqual([1, 0, 0]);
  expect(tally.alerts.map((shown) => shown.transactionId)).toEqual(["my-first-payment"]);
});

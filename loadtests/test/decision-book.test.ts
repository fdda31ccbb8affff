import { expect, test } from "vitest";
import { createDecisionBook } from "../run/decision-book.ts";

function book(accepted: readonly number[], answers: Readonly<Record<string, string>> = {}) {
  return createDecisionBook({
    idPrefix: "run-",
    transactions: 10,
    accepted: (number) => accepted.includes(number),
    answers: new Map(Object.entries(answers)),
  });
}

const approve = { decision: "approve 0.5" };

test("accepted, recorded once and archived alike is in order", () => {
  const kept = book([0, 1], { "run-1": "approve 0.5" });
  for (const transactionId of ["run-0", "run-1"]) {
    kept.addRecorded({ transactionId, ...approve });
    kept.addArchived({ transactionId, ...approve });
  }
  expect(kept.faults()).toMatchObject({
    accepted: 2,
    recorded: 2,
    lost: 0,
    wrong: 0,
    unarchived: 0,
    compared: 1,
  });
});

test("an accepted transaction that is not on the log is lost, and named", () => {
  const faults = book([3]).faults();
  expect(faults.lost).toBe(1);
  expect(faults.named).toEqual(["run-3 was accepted and is not on the log"]);
});

test("a record that is not in the archive is found", () => {
  const kept = book([3]);
  kept.addRecorded({ transactionId: "run-3", ...approve });
  expect(kept.faults()).toMatchObject({ lost: 0, unarchived: 1 });
});

test("two different records of one transaction are wrong; the same one twice is only counted", () => {
  const kept = book([1, 2]);
  for (const decision of ["approve 0.5", "decline 0.5"])
    kept.addRecorded({ transactionId: "run-1", decision });
  for (const decision of ["approve 0.5", "approve 0.5"])
    kept.addRecorded({ transactionId: "run-2", decision });
  expect(kept.faults()).toMatchObject({ wrong: 1, repeated: 1 });
});

test("an answer that differs from the record is wrong", () => {
  const kept = book([1], { "run-1": "decline 0.5" });
  kept.addRecorded({ transactionId: "run-1", ...approve });
  expect(kept.faults()).toMatchObject({ compared: 1, wrong: 1 });
});

test("a score is compared as a number: how it is written does not matter", () => {
  const kept = book([1], { "run-1": "approve 0.0000001" });
  kept.addRecorded({ transactionId: "run-1", decision: "approve 1e-7" });
  kept.addArchived({ transactionId: "run-1", decision: "approve 1e-7" });
  expect(kept.faults().wrong).toBe(0);
});

test("a decision without an answer is told apart from one that is lost", () => {
  const kept = book([]);
  kept.addRecorded({ transactionId: "run-4", ...approve });
  kept.addArchived({ transactionId: "run-4", ...approve });
  expect(kept.faults()).toMatchObject({ decidedUnanswered: 1, lost: 0, wrong: 0 });
});

test("what another run left on the log is passed over", () => {
  const kept = book([0]);
  kept.addRecorded({ transactionId: "other-0", ...approve });
  expect(kept.faults()).toMatchObject({ recorded: 0, lost: 1 });
});

test("the simulator's own numbers are read too", () => {
  const kept = book([7]);
  kept.addRecorded({ transactionId: "run-payment-000000007", ...approve });
  expect(kept.faults().lost).toBe(0);
});

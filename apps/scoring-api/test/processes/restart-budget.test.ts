import { testClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { createRestartBudget } from "../../src/processes/restart-budget.ts";

test("a few restarts come at once, later ones when the window has passed", () => {
  const clock = testClock();
  const budget = createRestartBudget({ restarts: 2, windowMs: 1_000, clock });
  expect(budget.take()).toBe(0);
  clock.advanceMs(100);
  expect(budget.take()).toBe(0);
  clock.advanceMs(100);
  expect(budget.take()).toBe(800);
  expect(budget.take()).toBe(900);
  expect(budget.take()).toBe(1_800);
});

test("after a quiet window restarts come at once again", () => {
  const clock = testClock();
  const budget = createRestartBudget({ restarts: 1, windowMs: 1_000, clock });
  expect(budget.take()).toBe(0);
  clock.advanceMs(1_000);
  expect(budget.take()).toBe(0);
});

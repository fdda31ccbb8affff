import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { within } from "../src/within.ts";

test("what came while the process stood still is in time, however late its timer", async () => {
  const answer = within(stat("."), 5, "asking");
  const endMs = performance.now() + 200;
  while (performance.now() < endMs);
  expect((await answer).isDirectory()).toBe(true);
});

test("what has not come by then is late, and says what and how long", async () => {
  await expect(within(new Promise(() => {}), 5, "asking")).rejects.toThrow("asking took longer than 5 ms");
});

test("an error of the work is passed on", async () => {
  await expect(within(Promise.reject(new Error("refused")), 5, "asking")).rejects.toThrow("refused");
});

import { expect, test } from "vitest";
import { createEventQueue } from "../../src/simulation/event-queue.ts";
import { createRandom } from "@tollgate/engagement";
import { weightedChoice } from "../../src/simulation/weighted-choice.ts";

test("the agenda gives events by time, those of one time in the order they were added", () => {
  const random = createRandom(5);
  const queue = createEventQueue<string>();
  const added = Array.from({ length: 2_000 }, (_, order) => ({ atMs: random.integer(0, 50), order }));
  for (const { atMs, order } of added) queue.add(atMs, (nowMs) => `${nowMs}:${order}`);
  const expected = added
    .toSorted((first, second) => first.atMs - second.atMs || first.order - second.order)
    .map(({ atMs, order }) => `${atMs}:${order}`);
  expect(added.map(() => queue.happenNext())).toEqual(expected);
  expect(queue.nextMs()).toBe(Number.POSITIVE_INFINITY);
  expect(() => queue.happenNext()).toThrow("nothing is scheduled");
});

test("a weighted choice follows its weights and never takes a weight of nothing", () => {
  const random = createRandom(6);
  const choose = weightedChoice(["never", "once", "thrice"], (_, index) => [0, 1, 3][index] ?? 0);
  const drawn = Array.from({ length: 40_000 }, () => choose(random.uniform()));
  expect(drawn.includes("never")).toBe(false);
  expect(drawn.filter((item) => item === "thrice").length / drawn.length).toBeCloseTo(0.75, 1);
  expect(() => weightedChoice(["a"], () => 0)).toThrow("a weight above 0");
});

test("a fork has a stream of its own: drawing from it shifts nothing", () => {
  const first = createRandom(7);
  const second = createRandom(7);
  const fork = second.fork("child");
  fork.uniform();
  expect(first.uniform()).toBe(second.uniform());
  expect(first.fork("child").uniform()).not.toBe(first.fork("other").uniform());
});

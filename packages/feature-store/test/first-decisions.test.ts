import { expect, test } from "vitest";
import { storedDecision } from "../src/first-decisions.ts";
import { keyMark } from "../src/index.ts";

test("what a build kept that noted no card is read as of any card", () => {
  expect(storedDecision(Buffer.from('L{"decision":"approve"}'))).toEqual({
    place: "logged",
    mark: null,
    answer: '{"decision":"approve"}',
  });
});

test("a mark is read back, and tells nearly all keys apart", () => {
  const mark = keyMark("card-1");
  expect(storedDecision(Buffer.from(`O{"mark":"${mark}","reason":"größer"}`))).toEqual({
    place: "outbox",
    mark,
    answer: '{"reason":"größer"}',
  });
  const keys = Array.from({ length: 10_000 }, (_, number) => keyMark(`card-${number}`));
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(keys.map(({ length }) => length))).toEqual(new Set([8]));
});

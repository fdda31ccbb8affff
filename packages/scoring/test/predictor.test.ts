import { expect, test } from "vitest";
import { inputsOf } from "../src/predictor.ts";

test("a model gets the columns that it was trained on, in its own order", () => {
  const vectors = [Float32Array.of(40, 41, 42), Float32Array.of(1, 2, 3)];
  expect([...inputsOf(Int32Array.of(2, 0), vectors)]).toEqual([42, 40, 3, 1]);
});

test("a column that no vector has is no number, never a silent zero", () => {
  expect([...inputsOf(Int32Array.of(0, -1), [Float32Array.of(5)])]).toEqual([5, Number.NaN]);
});

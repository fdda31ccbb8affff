import { expect, test } from "vitest";
import { canonicalJson } from "../src/canonical-json.ts";

test("a value has one text, whatever order its keys were given in", () => {
  expect(canonicalJson({ b: [1, true, null], a: { z: "é", "\u20ac": 1 } })).toBe(
    '{"a":{"z":"é","€":1},"b":[1,true,null]}',
  );
});

test("numbers are written as RFC 8785 shows", () => {
  const numbers = [333_333_333.333_333_3, 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
  expect(canonicalJson(numbers)).toBe("[333333333.3333333,1e+30,4.5,0.002,1e-27]");
});

test("keys are sorted by UTF-16 code units, as RFC 8785 shows", () => {
  const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"];
  expect(Object.keys(JSON.parse(text) as object).toSorted()).toEqual(sorted.toSorted());
  expect(text).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(",")}}`);
});

test("what JSON cannot hold is refused", () => {
  expect(() => canonicalJson(Number.NaN)).toThrow("NaN cannot be written");
});

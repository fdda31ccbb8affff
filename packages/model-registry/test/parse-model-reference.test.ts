import { expect, test } from "vitest";
import { parseModelReference } from "../src/parse-model-reference.ts";

test("a reference names a version or an alias", () => {
  expect(parseModelReference("card-payments@champion")).toEqual({ name: "card-payments", alias: "champion" });
  expect(parseModelReference("card-payments@v3")).toEqual({ name: "card-payments", version: 3 });
  expect(parseModelReference("card-payments/3")).toEqual({ name: "card-payments", version: 3 });
});

test.for([
  "",
  "card-payments",
  "card-payments@",
  "card-payments/0",
  "card-payments@v0",
  "card-payments/v3",
  "card-payments@3",
  "../x@champion",
  "Card@champion",
  "card-payments@champion/3",
  "card-payments@Champion",
])("the reference '%s' is refused", (reference) => {
  expect(() => parseModelReference(reference)).toThrow("MODEL_REFERENCE_INVALID");
});

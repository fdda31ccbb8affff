import { expect, test } from "vitest";
import { trackingStore } from "../src/trainer-paths.ts";
import { parseTrainingOptions } from "../src/training-options.ts";

test("without options the first champion's training is repeated", () => {
  expect(parseTrainingOptions([])).toEqual({
    engagementPackage: "@tollgate/engagement-card-payments",
    transactions: 1_000_000,
    customers: 10_000,
    seed: 7,
    fromMs: Date.parse("2026-06-01T00:00:00Z"),
    untilMs: undefined,
    registryFolder: undefined,
    promote: false,
    workFolder: ".local/training",
    dataPath: undefined,
    register: "all",
    model: "trees",
    searchSeconds: 0,
    tracking: trackingStore,
  });
});

test("a package's full name is taken as it is", () => {
  const options = parseTrainingOptions(["--engagement", "@client/engagement-transfers", "--promote"]);
  expect(options).toMatchObject({ engagementPackage: "@client/engagement-transfers", promote: true });
});

test.for([
  [["--transactions", "many"], "--transactions is many: it must be a whole number from 20000"],
  [["--seed", "-1"], "seed"],
  [["--seed", "1.5"], "--seed is 1.5: it must be a whole number"],
  [["--from", "yesterday"], "--from is yesterday: it must be a date such as 2026-06-01"],
  [["--model", "forest"], "--model is forest: it must be one of trees, neural, blend"],
  [["--trees", "5"], "--transactions N"],
] as const)("the arguments %j are refused with what they must be", ([args, message]) => {
  expect(() => parseTrainingOptions(args)).toThrow(message);
});

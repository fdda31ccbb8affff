import { expect, test } from "vitest";
import { parseEvaluationOptions } from "../src/evaluation-options.ts";
import { trackingStore } from "../src/trainer-paths.ts";

test("without options beside the data set, everything has a default", () => {
  expect(parseEvaluationOptions(["--dataset", "handbook"])).toEqual({
    dataset: "handbook",
    dataPath: undefined,
    transactions: 1_000_000,
    customers: 10_000,
    seed: 7,
    outputFolder: ".local/evaluation",
    searchSeconds: 0,
    neural: true,
    chooseShares: false,
    tracking: trackingStore,
    json: false,
  });
});

test.for([
  [[], "--dataset is missing: it must be one of handbook, ulb, simulated"],
  [["--dataset", "paysim"], "--dataset is paysim: it must be one of"],
  [["--dataset", "ulb", "--seed", "x"], "--seed is x: it must be a whole number"],
  [["--dataset", "ulb", "--budget", "1"], "--dataset handbook|ulb|simulated"],
  [["--dataset", "handbook", "--choose-shares"], "--choose-shares is of --dataset ulb"],
] as const)("the arguments %j are refused with what they must be", ([args, message]) => {
  expect(() => parseEvaluationOptions(args)).toThrow(message);
});

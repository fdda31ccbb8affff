import { printSeed, seededRandom } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { compiled } from "../bench/card-payments.ts";
import { replaySimulated } from "../bench/replay-simulated.ts";
import { runSimulatedWay } from "../bench/simulated-way.ts";

const startMs = Date.parse("2026-06-01T00:00:00Z");

test("every vector that was scored comes out of the log again, byte for byte", async () => {
  const random = seededRandom();
  printSeed(random);
  const options = { compiled, seed: random.seed, transactions: 1_500, customers: 100, startMs };
  const { log } = await runSimulatedWay(options);
  const report = await replaySimulated(compiled, log);
  expect(report).toMatchObject({ differing: 0, features: [], otherFeatureSet: 0 });
  expect(report.notReplayable["state-not-in-log"]).toBe(0);
  expect(report.compared).toBeGreaterThan(1_450);
});

import { test } from "vitest";
import { memoryFeatureStore } from "../src/index.ts";
import { storeContract } from "./store-contract.ts";
import type { Tap } from "./taps.ts";

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  test(`memory: ${guarantee}`, () => expectHolds(memoryFeatureStore<Tap>()));
}

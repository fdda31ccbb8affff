import { test } from "vitest";
import { memoryFeatureStore } from "../src/index.ts";
import { storeContract, type Tap } from "./store-contract.ts";

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  test(`memory: ${guarantee}`, () => expectHolds(memoryFeatureStore<Tap>()));
}

import { test } from "vitest";
import { memoryFeatureStore } from "../src/index.ts";
import { storeContract, type Tap } from "./store-contract.ts";

for (const [guarantee, holds] of Object.entries(storeContract)) {
  test(`memory: ${guarantee}`, () => holds(memoryFeatureStore<Tap>()));
}

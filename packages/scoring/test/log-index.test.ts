import { memoryFeatureStore } from "@tollgate/feature-store";
import { testClock } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { createLogIndex } from "../src/log-index.ts";
import type { Sale } from "./shop-engagement.ts";

test("a log whose end nobody tells keeps nobody waiting for longer than the limit", async () => {
  const index = createLogIndex({
    store: memoryFeatureStore<Sale>({ entities: [] }),
    endOffsets: () => new Promise(() => {}),
    clock: testClock(),
    pause: async () => {},
  });
  await expect(index.catchUp(5)).rejects.toThrow(/took longer than 5 ms/u);
});

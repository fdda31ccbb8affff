import { expect, test } from "vitest";
import { createCoalescer } from "../src/coalescer.ts";

test("calls of the same turn share a flush; calls during a flush share the next", async () => {
  const flushes: number[][] = [];
  const coalescer = createCoalescer<number, number>({
    flush: async (items) => {
      flushes.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      return flushes.length;
    },
    sizeOf: () => 1,
    maxItems: 4,
    maxBytes: 100,
  });
  const first = Promise.all([coalescer.add([1, 2]), coalescer.add([3])]);
  expect(coalescer.queuedItems).toBe(3);
  expect(await first).toEqual([[1], [1]]);
  expect(await coalescer.add([4, 5, 6, 7, 8])).toEqual([2, 3]);
  expect(flushes).toEqual([[1, 2, 3], [4, 5, 6, 7], [8]]);
  await coalescer.idle();
});

test("a failed flush rejects its own callers only", async () => {
  const coalescer = createCoalescer<string, string>({
    flush: ([item]) => (item === "bad" ? Promise.reject(new Error("refused")) : Promise.resolve("ok")),
    sizeOf: (item) => item.length,
    maxItems: 1,
    maxBytes: 100,
  });
  const results = await Promise.allSettled([
    coalescer.add(["a"]),
    coalescer.add(["bad"]),
    coalescer.add(["b"]),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

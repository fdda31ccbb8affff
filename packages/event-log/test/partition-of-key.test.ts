import fc from "fast-check";
import { Partitioners } from "kafkajs";
import { expect, test } from "vitest";
import { partitionOfKey } from "../src/partition-of-key.ts";

test("a key has the partition that kafkajs' default partitioner gives it", () => {
  const original = Partitioners.DefaultPartitioner();
  const keys = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 48 }), (key, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      const expected = original({ topic: "decisions", partitionMetadata, message: { key, value: null } });
      expect(partitionOfKey(key, partitions)).toBe(expected);
    }),
    { seed: 5, numRuns: 2_000 },
  );
});

test("the hash of Kafka's own test of its clients", () => {
  // UtilsTest.testMurmur2: "21" hashes to -973932308, "foobar" to -790332482, "a" to -1563381124.
  const positive = (hash: number): number => (hash & 0x7fff_ffff) % 1_000;
  expect(partitionOfKey("21", 1_000)).toBe(positive(-973_932_308));
  expect(partitionOfKey("foobar", 1_000)).toBe(positive(-790_332_482));
});

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  crc32c,
  encodeRecord,
  originalChecksum,
  originalRecord,
  type KafkaRecord,
} from "../src/quick-kafka-encoding.ts";

const bytes = fc.uint8Array({ maxLength: 3_000 }).map((array) => Buffer.from(array));
const content = fc.oneof(bytes, fc.string({ unit: "binary", maxLength: 300 }), fc.constant(null));
const headers = fc.oneof(
  fc.constant({}),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/u), fc.string(), { maxKeys: 3 }),
);
const records: fc.Arbitrary<KafkaRecord> = fc.record(
  {
    offsetDelta: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 100_000 })),
    timestampDelta: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 2 ** 30 }), fc.integer(), fc.nat()),
    key: content,
    value: content,
    headers,
  },
  { requiredKeys: ["key", "value"] },
);

test("a record is encoded to the bytes that kafkajs gives, whatever is in it", () => {
  fc.assert(
    fc.property(records, (record) => {
      const own = encodeRecord(record);
      expect(Buffer.compare(own.buffer, originalRecord(record).buffer)).toBe(0);
      expect(own.buf).toBeInstanceOf(Buffer);
    }),
    { seed: 11, numRuns: 1_000 },
  );
});

test("a checksum is that of kafkajs, at every length", () => {
  fc.assert(
    fc.property(bytes, (array) => {
      expect(crc32c(array)).toBe(originalChecksum(array));
    }),
    { seed: 12, numRuns: 500 },
  );
  for (let length = 0; length < 40; length += 1) {
    const array = Buffer.alloc(length, 0xa5);
    expect(crc32c(array)).toBe(originalChecksum(array));
  }
});

test("the checksum of RFC 3720, B.4", () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
});

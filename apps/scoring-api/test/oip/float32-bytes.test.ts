import fc from "fast-check";
import { expect, test } from "vitest";
import { float32Bytes, float32Values } from "../../src/routes/oip/float32-bytes.ts";

test("every tensor comes back bit for bit, wherever in a body it begins", () => {
  const words = fc.uint32Array({ maxLength: 64 });
  fc.assert(
    fc.property(words, fc.nat(9), (bits, offset) => {
      const bytes = float32Bytes(new Float32Array(bits.buffer, bits.byteOffset, bits.length));
      const body = Buffer.concat([Buffer.alloc(offset), bytes]);
      const back = float32Values(body.subarray(offset));
      expect(back).toBeDefined();
      expect(new Uint32Array(back?.buffer ?? new ArrayBuffer(0), back?.byteOffset ?? 0, bits.length)).toEqual(
        Uint32Array.from(bits),
      );
    }),
  );
});

test("bytes are little-endian, and no part of a value is taken for one", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), fc.integer({ min: 1, max: 3 }), (value, missing) => {
      const bytes = float32Bytes(Float32Array.of(value));
      expect(bytes.readFloatLE(0)).toBe(value);
      expect(float32Values(bytes.subarray(missing))).toBeUndefined();
    }),
  );
});

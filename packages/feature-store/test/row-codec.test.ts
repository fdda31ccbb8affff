import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { createRowCodec } from "../src/row-codec.ts";
import { emptyRow, type StateRow } from "../src/index.ts";
import { card, shop, tap } from "./taps.ts";

const { encode, decode } = createRowCodec();

test("every single damaged byte of a row is noticed", () => {
  for (const entity of [card, shop]) {
    const row = emptyRow(entity);
    entity.apply(row.state, tap(1));
    row.nextLabelSequence = entity === shop ? 5 : 0;
    const good = encode(entity, row);
    expect(decode(entity, good)).toEqual(row);
    for (let position = 0; position < good.length; position += 1) {
      const damaged = Buffer.from(good);
      damaged[position] = (damaged[position] ?? 0) ^ 0x10;
      expect(typeof decode(entity, damaged), `byte ${position}`).toBe("string");
    }
    for (let length = 0; length < good.length; length += 1) {
      expect(typeof decode(entity, good.subarray(0, length)), `${length} bytes`).toBe("string");
    }
  }
});

test("a refused row says what is wrong with it", () => {
  const good = encode(card, emptyRow(card));
  const changed = (position: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[position] = (bytes[position] ?? 0) + 1;
    return bytes;
  };
  expect(decode(card, changed(0))).toBe("magic");
  expect(decode(card, changed(2))).toBe("format");
  expect(decode(card, changed(3))).toBe("kind");
  expect(decode(card, changed(4))).toBe("layout");
  expect(decode(card, changed(8))).toBe("length");
  expect(decode(card, changed(good.length - 1))).toBe("checksum");
  expect(decode(card, Buffer.concat([good, Buffer.alloc(1)]))).toBe("length");
  expect(decode(shop, good)).toBe("kind");
});

test("a row holds only the words that are not zero, and gives every state back bit for bit", () => {
  for (const entity of [card, shop]) {
    for (let filled = 0; filled <= entity.layout.byteLength / 4; filled += 1) {
      const row = emptyRow(entity);
      // From the end, so that the bitmap's last bits are used; negative, so that signs are kept.
      row.state.int32.fill(-filled, row.state.int32.length - filled);
      if (entity === shop) row.nextOffsets[15] = filled;
      const bytes = encode(entity, row);
      expect(decode(entity, bytes), `${entity.name}, ${filled} words`).toEqual(row);
      expect(bytes.length).toBeLessThan(8 + 12 + 12 + filled * 4 + 8);
      // What docs/specs/entity-state.md says of a stored card rests on this.
      const progressBytes = entity === shop ? 17 * 8 : 0;
      expect(bytes.length).toBeLessThanOrEqual(8 + 4 + entity.layout.byteLength + progressBytes);
    }
  }
});

test("negative zero and not-a-number survive", () => {
  const row = emptyRow(card);
  row.state.float64[2] = -0;
  row.state.float64[3] = Number.NaN;
  const read = decode(card, encode(card, row)) as StateRow;
  expect([...read.state.int32]).toEqual([...row.state.int32]);
});

test("a bitmap that names words beyond the state is refused, whatever its checksum says", () => {
  const bytes = encode(card, emptyRow(card));
  // The state has 14 words after the version: bit 14 is no word of it.
  bytes.writeUInt32LE(1 << 14, 8);
  const longer = Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(4), bytes.subarray(12, -4)]);
  const seal = Buffer.alloc(4);
  seal.writeUInt32LE(crc32(longer));
  expect(decode(card, Buffer.concat([longer, seal]))).toBe("length");
});

import { expect, test } from "vitest";
import { decodeRow, encodeRow } from "../src/state-row.ts";
import { emptyRow } from "../src/index.ts";
import { card, shop, tap } from "./taps.ts";

test("every single damaged byte of a row is noticed", () => {
  for (const entity of [card, shop]) {
    const row = emptyRow(entity);
    entity.apply(row.state, tap(1));
    row.nextLabelSequence = entity === shop ? 5 : 0;
    const good = encodeRow(entity, row);
    expect(decodeRow(entity, good)).toEqual(row);
    for (let position = 0; position < good.length; position += 1) {
      const damaged = Buffer.from(good);
      damaged[position] = (damaged[position] ?? 0) ^ 0x10;
      expect(typeof decodeRow(entity, damaged), `byte ${position}`).toBe("string");
    }
    for (let length = 0; length < good.length; length += 1) {
      expect(typeof decodeRow(entity, good.subarray(0, length)), `${length} bytes`).toBe("string");
    }
  }
});

test("a refused row says what is wrong with it", () => {
  const good = encodeRow(card, emptyRow(card));
  const changed = (position: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[position] = (bytes[position] ?? 0) + 1;
    return bytes;
  };
  expect(decodeRow(card, changed(0))).toBe("magic");
  expect(decodeRow(card, changed(2))).toBe("format");
  expect(decodeRow(card, changed(3))).toBe("kind");
  expect(decodeRow(card, changed(4))).toBe("layout");
  expect(decodeRow(card, changed(60))).toBe("checksum");
  expect(decodeRow(card, Buffer.concat([good, Buffer.alloc(1)]))).toBe("length");
  expect(decodeRow(shop, good)).toBe("kind");
});

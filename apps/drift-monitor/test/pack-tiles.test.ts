import { expect, test } from "vitest";
import { packTiles, unpackTiles } from "../src/store/pack-tiles.ts";

const tiles = [
  { key: { segment: 0, widthMs: 60_000, startMs: Date.UTC(2026, 2, 2) }, bytes: Uint8Array.of(1, 2, 255) },
  { key: { segment: 63, widthMs: 3_600_000, startMs: Date.UTC(9999, 0) }, bytes: Uint8Array.of(7) },
];

test("packed tiles come back with their keys and bytes, in their order", () => {
  const unpacked = unpackTiles(packTiles(tiles));
  expect(unpacked.map(({ key, bytes }) => ({ key, bytes: Uint8Array.from(bytes) }))).toEqual(tiles);
  expect(unpackTiles(packTiles([]))).toEqual([]);
});

test("packed tiles that are cut off anywhere are refused", () => {
  const packed = packTiles(tiles);
  const [first] = tiles;
  const endOfFirst = packTiles(first === undefined ? [] : [first]).length;
  for (let length = 1; length < packed.length; length += 1) {
    if (length === endOfFirst) continue;
    expect(() => unpackTiles(packed.subarray(0, length))).toThrow(RangeError);
  }
});

import { expect, test } from "vitest";
import { watermarkOf } from "../src/watermark.ts";

const at = (partition: number, nextOffset: bigint, newestMs: number | null) => ({
  partition,
  nextOffset,
  newestMs,
});

test("a partition with records to read holds the watermark back", () => {
  const ends = new Map([
    [0, 10n],
    [1, 10n],
  ]);
  expect(watermarkOf([at(0, 10n, 5_000), at(1, 4n, 2_000)], ends)).toBe(2_000);
});

test("a partition that is read to its end, or is empty, holds nothing back", () => {
  const ends = new Map([
    [0, 10n],
    [1, 4n],
    [2, 0n],
  ]);
  expect(watermarkOf([at(0, 10n, 5_000), at(1, 4n, 2_000)], ends)).toBe(5_000);
});

test("before the first event, or while a partition was not begun, there is no watermark", () => {
  expect(watermarkOf([], new Map([[0, 0n]]))).toBeNull();
  const ends = new Map([
    [0, 10n],
    [1, 4n],
  ]);
  expect(watermarkOf([at(0, 10n, 5_000)], ends)).toBeNull();
  expect(watermarkOf([at(0, 10n, 5_000), at(1, 2n, null)], ends)).toBeNull();
});

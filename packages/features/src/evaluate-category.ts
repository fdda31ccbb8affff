import type { BaseTransaction } from "@tollgate/contracts";
import type { CategoryFeature, FirstSeenFeature } from "./definition.ts";
import { categoryRow, valueCollector } from "./category-values.ts";
import { categoryOf, type EntityLayout } from "./entity-layout.ts";
import type { EntityEvaluator, EvaluationParts } from "./evaluate-feature.ts";
import { featureLimits } from "./limits.ts";
import { ringLength } from "./ring.ts";
import { checkedSpanMs } from "./span.ts";
import { bitmapKey, bitmapWords } from "./tile-families.ts";
import { findTiles } from "./tile-totals.ts";
import { tileWidthMs } from "./tile-width.ts";
import { bitOf } from "./tiles.ts";
import { filterBit } from "./transaction-reading.ts";

/** Different values of a window: counted in the ring, or estimated from bitmaps where there is none. */
export function evaluateDistinct<T extends BaseTransaction>(
  feature: CategoryFeature<T>,
  parts: EvaluationParts<T>,
): EntityEvaluator {
  if (parts.layout.ring.capacity === 0) return estimateDistinct(feature, parts);
  const { values, collect } = valueCollector(feature, parts);
  return (reading, state, out, at) => {
    const length = collect(reading, state);
    let different = 0;
    for (let position = 0; position < length; position += 1) {
      const value = values[position] ?? 0;
      let before = 0;
      for (let earlier = 0; earlier < position; earlier += 1) before |= isSame(value, values[earlier] ?? 0);
      different += 1 - before;
    }
    out[at] = different;
  };
}

/** How much of the window has the most frequent value; NaN when nothing has a value. */
export function evaluateTopShare<T extends BaseTransaction>(
  feature: CategoryFeature<T>,
  parts: EvaluationParts<T>,
): EntityEvaluator {
  const { values, collect } = valueCollector(feature, parts);
  return (reading, state, out, at) => {
    const length = collect(reading, state);
    let most = 0;
    for (let position = 0; position < length - most; position += 1) {
      const value = values[position] ?? 0;
      let equal = 1;
      for (let other = position + 1; other < length; other += 1) equal += isSame(value, values[other] ?? 0);
      if (equal > most) most = equal;
    }
    out[at] = most / length;
  };
}

/** 1 for a value that the ring does not hold; NaN without history or value. */
export function evaluateFirstSeen<T extends BaseTransaction>(
  feature: FirstSeenFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator {
  if (feature.where !== undefined) return evaluateFirstAccepted(feature, layout);
  const { ring } = layout;
  const row = categoryRow(feature, layout);
  const valuesAt = ring.records + ring.categoryWord + row;
  return ({ categories }, state, out, at) => {
    const own = categories[row] ?? 0;
    const held = state === null ? 0 : ringLength(ring, state);
    out[at] = Number.NaN;
    if (state === null || held === 0 || own === 0) return;
    const { int32 } = state;
    let seen = 0;
    for (let slot = 0; slot < held; slot += 1) {
      seen |= isSame(own, int32[valuesAt + slot * ring.recordWords] ?? 0);
    }
    out[at] = 1 - seen;
  };
}

/** The same of what a filter accepts; a loop of its own, as its question would slow down the other one. */
function evaluateFirstAccepted<T extends BaseTransaction>(
  feature: FirstSeenFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator {
  const { ring } = layout;
  const row = categoryRow(feature, layout);
  const valuesAt = ring.records + ring.categoryWord + row;
  const filterAt = ring.records + ring.filterWord;
  const mask = filterBit(layout.filters, feature.where);
  return ({ categories }, state, out, at) => {
    const own = categories[row] ?? 0;
    out[at] = Number.NaN;
    if (state === null || own === 0) return;
    const { int32 } = state;
    const held = ringLength(ring, state);
    let accepted = 0;
    let seen = 0;
    for (let slot = 0; slot < held; slot += 1) {
      const record = slot * ring.recordWords;
      if (((int32[filterAt + record] ?? 0) & mask) === 0) continue;
      accepted += 1;
      seen |= isSame(own, int32[valuesAt + record] ?? 0);
    }
    if (accepted > 0) out[at] = 1 - seen;
  };
}

/** 1 for equal words, else 0; without a branch, as the processor could not guess which way it goes. */
function isSame(first: number, second: number): number {
  return Math.clz32(first ^ second) >>> 5;
}

/** Linear counting (Whang and others, 1990): from the share of bits that no value has set. */
function estimateDistinct<T extends BaseTransaction>(
  feature: CategoryFeature<T>,
  { layout, families }: EvaluationParts<T>,
): EntityEvaluator {
  const row = categoryRow(feature, layout);
  const windowMs = checkedSpanMs(feature.window);
  const widthMs = tileWidthMs({ windowMs, delayMs: 0 });
  const family = families.find((candidate) => candidate.widthMs === widthMs);
  const key = bitmapKey(categoryOf(feature.category), feature.where);
  const mask = filterBit(layout.filters, feature.where);
  const column = family?.columns.find((candidate) => candidate.key === key);
  if (family === undefined || column === undefined) throw new Error(`no tiles hold ${key}`);
  const span = { windowMs, delayMs: 0, family };
  const words = new Int32Array(bitmapWords);
  const range = { slot: 0, tiles: 0 };
  return ({ atMs, categories, filterBits }, state, out, at) => {
    words.fill(0);
    if (state !== null) {
      findTiles(span, state, atMs, range);
      for (let tile = 0; tile < range.tiles; tile += 1) {
        const first = column.narrow + ((range.slot + tile) % family.slots) * bitmapWords;
        for (let word = 0; word < bitmapWords; word += 1) {
          words[word] = (words[word] ?? 0) | (state.int32[first + word] ?? 0);
        }
      }
    }
    const own = (filterBits & mask) === mask ? (categories[row] ?? 0) : 0;
    const bit = bitOf(own);
    if (feature.includesCurrent && own !== 0) words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
    out[at] = linearCount(words);
  };
}

function linearCount(words: Int32Array): number {
  const bits = featureLimits.bitmapBits;
  let set = 0;
  for (let word = 0; word < words.length; word += 1) {
    for (let rest = words[word] ?? 0; rest !== 0; rest &= rest - 1) set += 1;
  }
  return bits * Math.log(bits / Math.max(1, bits - set));
}

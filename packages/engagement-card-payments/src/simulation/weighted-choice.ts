/** Chooses an item by its weight; `uniform` in [0, 1) decides, so a fixed habit can choose too. */
export type WeightedChoice<Item> = (uniform: number) => Item;

/** Walker's alias method: one look-up however many items there are. */
export function weightedChoice<Item>(
  items: readonly Item[],
  weightOf: (item: Item, index: number) => number,
): WeightedChoice<Item> {
  const weights = items.map((item, index) => weightOf(item, index));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new RangeError("a weighted choice needs an item with a weight above 0");
  const keep = Float64Array.from(weights, (weight) => (weight * items.length) / total);
  const alias = Int32Array.from(items, (_, index) => index);
  fillAliases(keep, alias);
  return (uniform) => {
    const scaled = uniform * items.length;
    const slot = Math.floor(scaled);
    const chosen = scaled - slot < (keep[slot] ?? 1) ? slot : (alias[slot] ?? slot);
    return items[chosen] as Item;
  };
}

/** Every slot below the average is topped up from one above it. */
function fillAliases(keep: Float64Array, alias: Int32Array): void {
  const below: number[] = [];
  const above: number[] = [];
  for (const [slot, share] of keep.entries()) (share < 1 ? below : above).push(slot);
  for (;;) {
    const poor = below.pop();
    const rich = above.pop();
    if (poor === undefined || rich === undefined) break;
    alias[poor] = rich;
    const left = (keep[rich] ?? 0) - (1 - (keep[poor] ?? 0));
    keep[rich] = left;
    (left < 1 ? below : above).push(rich);
  }
  // What is left over is 1 but for rounding.
  for (const slot of [...below, ...above]) keep[slot] = 1;
}

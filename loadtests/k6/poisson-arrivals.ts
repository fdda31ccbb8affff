/**
 * Poisson arrivals, cut into slots of time. Each slot has a Poisson-distributed number of requests,
 * independent of every other's, at uniform times within it: together exactly a Poisson process.
 * k6 and the runner compute them alike from the seed, so what is due is known to both.
 */
export interface PoissonSlots {
  readonly seed: number;
  readonly slotsPerSecond: number;
  /** Slots that are due. */
  readonly count: number;
  /** Requests of a slot. */
  readonly mean: number;
  /** exp(-mean), the share of slots without a request: given, as two engines' `exp` may differ by a bit. */
  readonly emptyShare: number;
}

/** k6 may begin one slot more than are due. */
const spareSlots = 2;

/** How many requests go before each slot; the entry after the last is the number of all. */
export function requestsBeforeSlots({ seed, count, mean, emptyShare }: PoissonSlots): readonly number[] {
  const uniform = uniforms(seed);
  const before = [0];
  let sum = 0;
  for (let slot = 0; slot < count + spareSlots; slot += 1) {
    sum += poissonNumber(uniform(), mean, emptyShare);
    before.push(sum);
  }
  return before;
}

/** When a slot's requests are due, in milliseconds after its beginning, the first one first. */
export function offsetsInSlot(slots: PoissonSlots, slot: number, requests: number): readonly number[] {
  const uniform = uniforms(slots.seed ^ Math.imul(slot + 1, 0x9e3779b1));
  const slotMs = 1000 / slots.slotsPerSecond;
  const offsets: number[] = [];
  for (let request = 0; request < requests; request += 1) offsets.push(uniform() * slotMs);
  return offsets.toSorted((one, other) => one - other);
}

/** The number up to which the distribution's share is the one that was drawn. */
function poissonNumber(drawn: number, mean: number, emptyShare: number): number {
  let number = 0;
  let share = emptyShare;
  let below = share;
  // Where adding a share changes nothing any more, what is left is beyond the precision of a double.
  while (drawn >= below && (number < mean || below + share > below)) {
    number += 1;
    share *= mean / number;
    below += share;
  }
  return number;
}

/** Uniform in [0, 1), 53 bits: sfc32, whose first draws are thrown away to spread the seed. */
function uniforms(seed: number): () => number {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x51f15e;
  let counter = 1;
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum;
  };
  for (let discarded = 0; discarded < 12; discarded += 1) draw();
  return () => ((draw() >>> 5) * 67_108_864 + (draw() >>> 6)) / 9_007_199_254_740_992;
}

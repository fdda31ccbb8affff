/** Durations in bins that each are 4 % wide: any quantile within 2 %, whatever the number of values. */
export interface Histogram {
  add(value: number): void;
  /** The value that the given share is below; 0 without values. */
  quantile(share: number): number;
  readonly count: number;
  clear(): void;
}

/** From 0.01 up to about 10 million. */
const smallest = 0.01;
const growth = Math.log(1.04);
const bins = 530;

export function createHistogram(): Histogram {
  const counts = new Float64Array(bins);
  let count = 0;
  return {
    add(value) {
      const bin = value <= smallest ? 0 : Math.ceil(Math.log(value / smallest) / growth);
      counts[Math.min(bin, bins - 1)] = (counts[Math.min(bin, bins - 1)] ?? 0) + 1;
      count += 1;
    },
    quantile(share) {
      let left = share * count;
      if (count === 0) return 0;
      for (const [bin, inBin] of counts.entries()) {
        left -= inBin;
        if (left <= 0 && inBin > 0) return smallest * Math.exp((bin - 0.5) * growth);
      }
      return smallest * Math.exp(bins * growth);
    },
    get count() {
      return count;
    },
    clear() {
      counts.fill(0);
      count = 0;
    },
  };
}

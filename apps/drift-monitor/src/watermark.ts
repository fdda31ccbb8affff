import type { PartitionProgress } from "./store/partition-store.ts";

/**
 * Event time up to which everything is counted, but for what comes late: the least of the partitions that
 * still have records to read, or the latest of all where each is read to its end. Null before any event.
 * @param ends the offset that each partition's next record will get.
 */
export function watermarkOf(
  progress: readonly PartitionProgress[],
  ends: ReadonlyMap<number, bigint>,
): number | null {
  const behind: number[] = [];
  let newestMs = -Infinity;
  for (const [partition, end] of ends) {
    const at = progress.find((one) => one.partition === partition);
    if ((at?.nextOffset ?? 0n) < end) behind.push(at?.newestMs ?? -Infinity);
    newestMs = Math.max(newestMs, at?.newestMs ?? -Infinity);
  }
  const watermark = behind.length > 0 ? Math.min(...behind) : newestMs;
  return Number.isFinite(watermark) ? watermark : null;
}

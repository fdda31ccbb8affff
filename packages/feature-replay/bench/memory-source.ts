import type { OpenLogSource } from "../src/index.ts";
import { labelledProgressSlot } from "@tollgate/scoring";
import type { SimulatedLog } from "./simulated-log.ts";

/** Reads a log of arrays as Kafka's would be read: bytes, in batches, partitions in turn. */
export function memorySource(log: SimulatedLog, batchRecords = 500): OpenLogSource {
  return async (sink) => {
    const read = new Map<number, number>();
    const remaining = async (): Promise<number> => {
      let count = 0;
      for (const [slot, end] of log.positions()) count += end - (read.get(slot) ?? 0);
      return count;
    };
    const records = (slot: number): readonly unknown[] =>
      slot === labelledProgressSlot ? log.labels : (log.partitions[slot] ?? []);
    return {
      remaining,
      async readToEnd() {
        for (const [slot, end] of log.positions()) {
          for (let from = read.get(slot) ?? 0; from < end; from += batchRecords) {
            const to = Math.min(end, from + batchRecords);
            const batch = records(slot)
              .slice(from, to)
              .map((value, place) => ({ offset: from + place, value: Buffer.from(JSON.stringify(value)) }));
            if (slot === labelledProgressSlot) await sink.labels(batch);
            else await sink.decisions(slot, batch);
            read.set(slot, to);
          }
        }
      },
      positions: () => new Map(read),
      close: async () => {},
    };
  };
}

// `npm run bench -- rebuild`: how many decisions a second of one core's time are brought from the log's bytes
// into the states of a new generation, and written out; without Kafka's and Redis' own work.
import type { BaseTransaction } from "@tollgate/contracts";
import { memoryFeatureStore } from "@tollgate/feature-store";
import { median, systemClock, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { compiled } from "./card-payments.ts";
import { decisionsAsBytes } from "./decision-bytes.ts";
import { rebuildGeneration, type LogRecord, type OpenLogSource } from "../src/index.ts";

const batchRecords = 2_500;
const target = 50_000;

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const records = quick ? 50_000 : 200_000;
  const log = decisionsAsBytes(records, quick ? 2_000 : 10_000);
  const rounds: number[] = [];
  for (let round = 0; round < (quick ? 3 : 5); round += 1) rounds.push(await recordsPerSecond(log));
  const typical = median(rounds);
  const bytes = (log[0]?.[0]?.value?.length ?? 0).toLocaleString("en");
  const states = compiled.featureSet.entities.length;
  const figures = { recordsPerSecond: Math.round(typical), records };
  return {
    table: {
      header: ["figure", "value"],
      rows: Object.entries(figures).map(([name, value]) => [name, value.toLocaleString("en")]),
    },
    figures,
    passed: typical >= target,
    notes: [`${rounds.length} rounds; a record is about ${bytes} bytes and moves ${states} states on`],
  };
}

async function recordsPerSecond(log: readonly (readonly LogRecord[])[]): Promise<number> {
  // Processor time of the whole process, its helper threads included: what else the machine does is left out.
  const before = process.cpuUsage();
  const result = await rebuildGeneration({
    engagement: compiled,
    store: memoryFeatureStore<BaseTransaction>(),
    openSource: sourceOf(log),
    takeLease: async () => ({ assertMine: () => {}, release: async () => {} }),
    clock: systemClock(),
    pause: async () => {},
    noteBuilt: async () => {},
    applyRest: async () => {},
    idempotencySeconds: 600,
    observer: { step: () => {}, progress: () => {} },
  });
  const { user, system } = process.cpuUsage(before);
  return result.records / ((user + system) / 1_000_000);
}

function sourceOf(log: readonly (readonly LogRecord[])[]): OpenLogSource {
  return async (sink) => {
    let remaining = log.reduce((sum, records) => sum + records.length, 0);
    return {
      remaining: async () => remaining,
      async readToEnd() {
        if (remaining === 0) return;
        for (const [partition, records] of log.entries()) {
          for (let from = 0; from < records.length; from += batchRecords) {
            await sink.decisions(partition, records.slice(from, from + batchRecords));
          }
        }
        remaining = 0;
      },
      positions: () => new Map(),
      close: async () => {},
    };
  };
}

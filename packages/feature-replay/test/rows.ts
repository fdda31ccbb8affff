import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { FeatureStore } from "@tollgate/feature-store";
import { stateBytes } from "@tollgate/features";
import { systemClock } from "@tollgate/runtime";
import { memorySource } from "../bench/memory-source.ts";
import type { SimulatedLog } from "../bench/simulated-log.ts";
import { rebuildGeneration, type RebuildParts, type RebuildResult } from "../src/index.ts";

/** Every row of a generation that the log has a transaction for, as text. */
export async function rowsOf<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  store: FeatureStore<T>,
  log: SimulatedLog,
): Promise<ReadonlyMap<string, string>> {
  const rows = new Map<string, string>();
  for (const record of log.partitions.flat()) {
    const transaction = compiled.engagement.transaction.fromWire(record.transaction);
    for (const entity of compiled.featureSet.entities) {
      const key = entity.key(transaction);
      if (rows.has(`${entity.name}/${key}`)) continue;
      const row = (await store.recall([{ entity, key }], [])).states[0]?.row;
      const state =
        row === null || row === undefined ? "none" : Buffer.from(stateBytes(row.state)).toString("hex");
      rows.set(`${entity.name}/${key}`, `${state} ${row?.nextOffsets.join()} ${row?.nextLabelSequence}`);
    }
  }
  return rows;
}

/** A rebuild of a store in memory from a log in memory. */
export function rebuildInMemory<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  store: FeatureStore<T>,
  log: SimulatedLog,
  rest: Partial<RebuildParts<T>> = {},
): Promise<RebuildResult> {
  return rebuildGeneration({
    engagement,
    store,
    openSource: memorySource(log),
    takeLease: async () => ({ assertMine: () => {}, release: async () => {} }),
    clock: systemClock(),
    pause: async () => {},
    noteBuilt: async () => {},
    applyRest: async () => {},
    idempotencySeconds: 600,
    observer: { step: () => {}, progress: () => {} },
    ...rest,
  });
}

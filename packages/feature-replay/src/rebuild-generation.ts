import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { FeatureStore } from "@tollgate/feature-store";
import type { Clock } from "@tollgate/runtime";
import { ReplayError } from "./errors.ts";
import { createGenerationBuilder } from "./generation-builder.ts";
import { replayLimits } from "./limits.ts";
import type { LogSource, OpenLogSource } from "./log-source.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { createStateCache } from "./state-cache.ts";

/** Keeps two rebuilds of one store apart. */
export interface RebuildLease {
  /** Throws ReplayError `LEASE_LOST` when it could not be renewed in time. */
  readonly assertMine: () => void;
  readonly release: () => Promise<void>;
}

export interface RebuildParts<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly openSource: OpenLogSource;
  /** After the switch: the layout's states may be served. */
  readonly noteBuilt: () => Promise<void>;
  /** After the switch: brings in what came to the log since it was read. */
  readonly applyRest: () => Promise<void>;
  /** @throws ReplayError `REBUILD_RUNNING` */
  readonly takeLease: () => Promise<RebuildLease>;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** How long a repeated transaction id gets its first decision. */
  readonly idempotencySeconds: number;
  readonly observer: RebuildObserver;
  readonly cachedStates?: number;
  /** Before the old generation is deleted; undefined keeps it. */
  readonly graceMs?: number | undefined;
}

/** What a person sees of it. */
export interface RebuildObserver {
  /** A step has begun: what it does. */
  step(text: string): void;
  /** Records applied, and how many are known to remain. */
  progress(records: number, remaining: number): void;
}

export interface RebuildResult {
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly unreadable: number;
  /** Of the building alone: until the log's end was reached for the first time. */
  readonly buildSeconds: number;
  readonly buildRecords: number;
  /** From the last record applied to the switch: so much are states behind at the switch. */
  readonly switchMs: number;
}

/**
 * Builds the next generation of the store from the log while scoring goes on in the one that is served, then
 * switches. May be broken off at any moment: the next run
 * begins anew, and nothing that is served was touched.
 */
export async function rebuildGeneration<T extends BaseTransaction>(
  parts: RebuildParts<T>,
): Promise<RebuildResult> {
  const lease = await parts.takeLease();
  try {
    const from = await parts.store.readGeneration();
    const to = from + 1;
    parts.observer.step(`deleting what an earlier rebuild left of generation ${to}`);
    await parts.store.dropGeneration(to);
    const built = await build(parts, { from, to, lease });
    await parts.noteBuilt();
    parts.observer.step(`generation ${to} is served; bringing in what came meanwhile`);
    await parts.applyRest();
    if (parts.graceMs !== undefined) {
      parts.observer.step(`deleting generation ${from} after a pause`);
      await parts.pause(parts.graceMs);
      await parts.store.dropGeneration(from);
    }
    return { from, to, ...built };
  } finally {
    await lease.release();
  }
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly lease: RebuildLease;
}

async function build<T extends BaseTransaction>(
  parts: RebuildParts<T>,
  { from, to, lease }: Move,
): Promise<Omit<RebuildResult, "from" | "to">> {
  const { engagement, clock, observer } = parts;
  const target = parts.store.inGeneration(to);
  const cache = createStateCache(target, {
    entities: engagement.featureSet.entities,
    generation: to,
    assertMine: lease.assertMine,
    ...(parts.cachedStates === undefined ? {} : { cachedStates: parts.cachedStates }),
  });
  const claimsFromMs = clock.nowMs() - parts.idempotencySeconds * 1_000;
  const builder = createGenerationBuilder(engagement, cache, { claimsFromMs });
  observer.step(`building generation ${to} from the log`);
  let total = 0;
  const startMs = clock.monotonicMicros() / 1_000;
  const inTurn = oneAtATime();
  const apply = async (applied: Promise<void>): Promise<void> => {
    await applied;
    observer.progress(builder.records, Math.max(0, total - builder.records));
  };
  const source = await parts.openSource({
    decisions: (partition, records) => inTurn(async () => apply(builder.decisions(partition, records))),
    labels: (records) => inTurn(async () => apply(builder.labels(records))),
  });
  try {
    total = builder.records + (await source.remaining());
    await source.readToEnd();
    const buildSeconds = (clock.monotonicMicros() / 1_000 - startMs) / 1_000;
    const buildRecords = builder.records;
    await catchUp(source, () => inTurn(cache.flush));
    const switchFromMs = clock.monotonicMicros() / 1_000;
    await source.close();
    await cache.flush();
    for (const [slot, next] of source.positions()) await target.writeProgress(slot, next, to);
    lease.assertMine();
    const switched = await parts.store.switchGeneration({ from, to });
    if (!switched) throw new ReplayError("GENERATION_MOVED", `generation ${from} is not served any more`);
    const switchMs = clock.monotonicMicros() / 1_000 - switchFromMs;
    const { records, unreadable } = builder;
    return { records, unreadable, buildSeconds, buildRecords, switchMs };
  } finally {
    await source.close();
  }
}

/** Reads on until so little remains that the switch is made within a moment of the last record. */
async function catchUp(source: LogSource, flush: () => Promise<void>): Promise<void> {
  for (let round = 0; round < replayLimits.catchUpRounds; round += 1) {
    await flush();
    const remaining = await source.remaining();
    await source.readToEnd();
    if (remaining <= replayLimits.catchUpRecords) return;
  }
}

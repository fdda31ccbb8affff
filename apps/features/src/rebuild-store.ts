import { setTimeout as delay } from "node:timers/promises";
import { topicNames, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { connectKafka } from "@tollgate/event-log";
import {
  applyRest,
  rebuildGeneration,
  replayLimits,
  type OpenLogSource,
  type RebuildResult,
} from "@tollgate/feature-replay";
import { redisFeatureStore, redisStateLayouts } from "@tollgate/feature-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { FeaturesConfig } from "./config.ts";
import { openRedis } from "./open-redis.ts";
import type { ProgressLine } from "./progress-line.ts";
import { takeRebuildLease } from "./rebuild-lease.ts";

/** A rebuild of the states of one layout; no other is touched. */
export interface StoreRebuild extends RebuildResult {
  readonly layout: string;
}

/** Rebuilds the store of a deployment, in the layout of the engagement as it is here. */
export async function rebuildStore(work: {
  readonly config: FeaturesConfig;
  readonly compiled: CompiledEngagement<BaseTransaction>;
  readonly open: OpenLogSource;
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly keepOld: boolean;
  readonly progress: ProgressLine;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<StoreRebuild> {
  const { config, progress } = work;
  const { compiled: engagement, kafka, logger, clock } = work;
  const redis = await openRedis(config, logger);
  const prefix = config.redisPrefix;
  const store = redisFeatureStore<BaseTransaction>(redis, {
    prefix,
    entities: engagement.featureSet.entities,
    idempotencySeconds: config.idempotencySeconds,
  });
  const { layout } = store;
  const layouts = redisStateLayouts(redis, { prefix });
  const topics = topicNames(config.topicPrefix);
  try {
    const result = await rebuildGeneration({
      engagement,
      store,
      applyRest: () => applyRest({ engagement, store, kafka, topics, logger, clock }),
      openSource: work.open,
      noteBuilt: () => layouts.noteBuilt(layout, clock.nowMs()),
      takeLease: () => takeRebuildLease(redis, { prefix, layout }),
      clock,
      pause: (milliseconds) => delay(milliseconds),
      idempotencySeconds: config.idempotencySeconds,
      observer: {
        step: (text) => progress.step(text),
        progress: (records, remaining) => progress.show(records, remaining),
      },
      graceMs: work.keepOld ? undefined : replayLimits.graceMs,
    });
    return { layout, ...result };
  } finally {
    progress.end();
    redis.disconnect();
  }
}

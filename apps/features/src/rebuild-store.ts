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
import { connectRedis, redisFeatureStore } from "@tollgate/feature-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { FeaturesConfig } from "./config.ts";
import { FeaturesError } from "./features-error.ts";
import type { ProgressLine } from "./progress-line.ts";
import { takeRebuildLease } from "./rebuild-lease.ts";

/** Rebuilds the store of a deployment. */
export async function rebuildStore(work: {
  readonly config: FeaturesConfig;
  readonly compiled: CompiledEngagement<BaseTransaction>;
  readonly open: OpenLogSource;
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly keepOld: boolean;
  readonly progress: ProgressLine;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<RebuildResult> {
  const { config, progress } = work;
  const redis = await connectRedis(config.redisUrl, work.logger, {
    cluster: config.redisCluster,
    certificateAuthorityFile: config.redisCertificateAuthorityFile,
  }).catch((error: Error) => {
    throw new FeaturesError(error.message, error);
  });
  const store = redisFeatureStore<BaseTransaction>(redis, {
    prefix: config.redisPrefix,
    idempotencySeconds: config.idempotencySeconds,
  });
  const { compiled: engagement, kafka, logger, clock } = work;
  const topics = topicNames(config.topicPrefix);
  try {
    return await rebuildGeneration({
      engagement,
      store,
      applyRest: () => applyRest({ engagement, store, kafka, topics, logger, clock }),
      openSource: work.open,
      takeLease: () => takeRebuildLease(redis, config.redisPrefix),
      clock,
      pause: (milliseconds) => delay(milliseconds),
      idempotencySeconds: config.idempotencySeconds,
      observer: {
        step: (text) => progress.step(text),
        progress: (records, remaining) => progress.show(records, remaining),
      },
      graceMs: work.keepOld ? undefined : replayLimits.graceMs,
    });
  } finally {
    progress.end();
    redis.disconnect();
  }
}

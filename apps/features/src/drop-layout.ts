import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { layoutDigest, redisStateLayouts } from "@tollgate/feature-store";
import type { Logger } from "@tollgate/runtime";
import type { FeaturesConfig } from "./config.ts";
import { FeaturesError } from "./features-error.ts";
import { openRedis } from "./open-redis.ts";
import type { ProgressLine } from "./progress-line.ts";
import { takeRebuildLease } from "./rebuild-lease.ts";

/**
 * Deletes the states of a layout that no build serves any more.
 * @returns how many keys are gone.
 * @throws FeaturesError when it is the layout of the engagement as it is here.
 */
export async function dropLayout(
  layout: string,
  work: {
    readonly config: FeaturesConfig;
    readonly compiled: CompiledEngagement<BaseTransaction>;
    readonly progress: ProgressLine;
    readonly logger: Logger;
  },
): Promise<number> {
  const { config, progress } = work;
  const own = layoutDigest(work.compiled.featureSet.entities);
  if (layout === own) {
    throw new FeaturesError(`${own} is the layout of this build: drop it from a build that serves another`);
  }
  const redis = await openRedis(config, work.logger);
  try {
    const prefix = config.redisPrefix;
    const lease = await takeRebuildLease(redis, { prefix, layout });
    try {
      progress.step(`deleting the states of layout ${layout}`);
      return await redisStateLayouts(redis, { prefix }).drop(layout, (keys) => progress.show(keys, 0));
    } finally {
      await lease.release();
    }
  } finally {
    progress.end();
    redis.disconnect();
  }
}

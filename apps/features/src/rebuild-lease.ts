import { randomUUID } from "node:crypto";
import { ReplayError, replayLimits, type RebuildLease } from "@tollgate/feature-replay";
import { redisKeys, type RedisConnection } from "@tollgate/feature-store";

const renewScript =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";
const releaseScript =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/**
 * A key in the store that expires by itself: of a rebuild that died nothing stays. Each layout has its own:
 * rebuilds of two never meet.
 */
export async function takeRebuildLease(
  redis: RedisConnection,
  space: { readonly prefix: string; readonly layout: string },
): Promise<RebuildLease> {
  const key = redisKeys(space.prefix).inLayout(space.layout).rebuild;
  const owner = randomUUID();
  const leaseMs = replayLimits.rebuildLeaseMs;
  let renewedMs = performance.now();
  const taken = await redis.set(key, owner, "PX", leaseMs, "NX");
  if (taken !== "OK") throw new ReplayError("REBUILD_RUNNING", `${key} is held`);
  const renew = async (): Promise<void> => {
    const askedMs = performance.now();
    const renewed = await redis.eval(renewScript, 1, key, owner, leaseMs);
    if (renewed === 1) renewedMs = askedMs;
  };
  // A renewal that fails is tried again; the age of the last one is what counts.
  const timer = setInterval(() => void renew().catch(() => undefined), leaseMs / 3);
  return {
    assertMine() {
      if (performance.now() - renewedMs < leaseMs) return;
      throw new ReplayError("LEASE_LOST", `${key} could not be renewed`);
    },
    async release() {
      clearInterval(timer);
      await redis.eval(releaseScript, 1, key, owner).catch(() => undefined);
    },
  };
}

import type { Logger } from "@tollgate/runtime";
import { Redis } from "ioredis";
import { storeLimits } from "./limits.ts";

/**
 * Connects to Redis and waits for the first answer. Afterwards it reconnects by itself for ever; while it is
 * away commands fail at once instead of queueing, so that a score degrades within its deadline.
 * @throws when Redis does not answer within `storeLimits.connectTimeoutMs`: the message names the URL.
 */
export async function connectRedis(url: string, logger: Logger): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: storeLimits.connectTimeoutMs,
    commandTimeout: storeLimits.commandTimeoutMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), storeLimits.reconnectMaxMs),
  });
  let lastError = "";
  redis.on("error", (error: Error) => {
    if (error.message !== lastError) logger.warn("redis-away", { message: error.message });
    lastError = error.message;
  });
  redis.on("ready", () => {
    if (lastError !== "") logger.info("redis-back");
    lastError = "";
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const reason = lastError === "" ? (error as Error).message : lastError;
    throw new Error(`Redis at ${withoutPassword(url)} does not answer (${reason}): is the stack up?`, {
      cause: error,
    });
  }
  return redis;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/u, "//***@");
}

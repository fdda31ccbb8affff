import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { Logger } from "@tollgate/runtime";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { storeLimits } from "./limits.ts";

export interface RedisSettings {
  /** True when a single URL is one node of a Redis Cluster; several URLs always are. */
  readonly cluster?: boolean;
  /** File with the certificates that a `rediss://` server's own must come from; else the system's. */
  readonly certificateAuthorityFile?: string | undefined;
}

/**
 * Connects to Redis and waits for the first answer. Afterwards it reconnects by itself for ever; while it is
 * away commands fail at once instead of queueing, so that a score degrades within its deadline.
 * @param url `redis://` or, with TLS, `rediss://`, with user and password in it; several nodes of a cluster
 *   separated by commas.
 * @throws when Redis does not answer within `storeLimits.connectTimeoutMs`: the message names the URL.
 */
export async function connectRedis(
  url: string,
  logger: Logger,
  settings: RedisSettings = {},
): Promise<Redis | Cluster> {
  const urls = url.split(",").map((one) => one.trim());
  const redis =
    urls.length > 1 || settings.cluster === true
      ? clusterClient(urls, settings)
      : new Redis(url, { ...connectionOptions(url, settings), lazyConnect: true });
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
    const names = urls.map(withoutPassword).join(",");
    throw new Error(`Redis at ${names} does not answer (${reason}): is the stack up?`, { cause: error });
  }
  return redis;
}

type ConnectionChoices = Pick<
  RedisOptions,
  "enableOfflineQueue" | "maxRetriesPerRequest" | "connectTimeout" | "socketTimeout" | "retryStrategy" | "tls"
>;

/** No automatic pipelining: it holds a pipeline back until the last is answered; the store joins reads. */
function connectionOptions(url: string, settings: RedisSettings): ConnectionChoices {
  const tls = tlsOptions(url, settings);
  return {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: storeLimits.connectTimeoutMs,
    socketTimeout: storeLimits.silentConnectionMs,
    retryStrategy: reconnectDelayMs,
    ...(tls === undefined ? {} : { tls }),
  };
}

/** User, password and TLS are the same for every node: the addresses that a cluster names have none. */
function clusterClient(urls: readonly string[], settings: RedisSettings): Cluster {
  const first = new URL(urls[0] ?? "");
  const { retryStrategy: _perNode, ...redisOptions } = connectionOptions(first.href, settings);
  return new Cluster(
    urls.map((url) => {
      const { hostname, port } = new URL(url);
      return { host: hostname, port: Number(port || "6379") };
    }),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRedirections: storeLimits.clusterRedirections,
      clusterRetryStrategy: reconnectDelayMs,
      redisOptions: {
        ...redisOptions,
        ...(first.username === "" ? {} : { username: decodeURIComponent(first.username) }),
        ...(first.password === "" ? {} : { password: decodeURIComponent(first.password) }),
      },
    },
  );
}

function tlsOptions(url: string, settings: RedisSettings): ConnectionOptions | undefined {
  if (!url.startsWith("rediss:")) return undefined;
  const file = settings.certificateAuthorityFile;
  return file === undefined ? {} : { ca: readFileSync(file) };
}

function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), storeLimits.reconnectMaxMs);
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/u, "//***@");
}

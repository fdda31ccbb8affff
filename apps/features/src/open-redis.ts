import { connectRedis, type RedisConnection } from "@tollgate/feature-store";
import type { Logger } from "@tollgate/runtime";
import type { FeaturesConfig } from "./config.ts";
import { FeaturesError } from "./features-error.ts";

/** @throws FeaturesError when Redis does not answer. */
export async function openRedis(config: FeaturesConfig, logger: Logger): Promise<RedisConnection> {
  return connectRedis(config.redisUrl, logger, {
    cluster: config.redisCluster,
    certificateAuthorityFile: config.redisCertificateAuthorityFile,
  }).catch((error: Error) => {
    throw new FeaturesError(error.message, error);
  });
}

import { configReader, type Environment } from "@tollgate/runtime";

/** Where the log, the ledger and the store of a deployment are: the same settings as the apps that score. */
export interface FeaturesConfig {
  readonly engagement: string;
  readonly kafkaBrokers: string;
  readonly topicPrefix: string;
  readonly redisUrl: string;
  readonly redisCluster: boolean;
  readonly redisCertificateAuthorityFile: string | undefined;
  readonly redisPrefix: string;
  readonly idempotencySeconds: number;
  /** Needed with `--source ledger` only. */
  readonly postgresUrl: string | undefined;
}

/** @throws ConfigError naming every fault. */
export function loadConfig(environment: Environment): FeaturesConfig {
  const reader = configReader(environment);
  const config = {
    engagement: reader.string("TOLLGATE_ENGAGEMENT", "@tollgate/engagement-card-payments"),
    kafkaBrokers: reader.string("TOLLGATE_KAFKA_BROKERS", "127.0.0.1:9092"),
    topicPrefix: reader.string("TOLLGATE_TOPIC_PREFIX", ""),
    redisUrl: reader.string("TOLLGATE_REDIS_URL", "redis://127.0.0.1:6379"),
    redisCluster: reader.boolean("TOLLGATE_REDIS_CLUSTER", false),
    redisCertificateAuthorityFile: reader.optional("TOLLGATE_REDIS_CA_FILE"),
    redisPrefix: reader.string("TOLLGATE_REDIS_PREFIX", "tollgate:"),
    idempotencySeconds: reader.integer("TOLLGATE_IDEMPOTENCY_SECONDS", {
      default: 600,
      min: 10,
      max: 86_400,
    }),
    postgresUrl: reader.optional("TOLLGATE_POSTGRES_URL"),
  };
  reader.finish();
  return config;
}

export function processEnvironment(): Environment {
  return process.env;
}

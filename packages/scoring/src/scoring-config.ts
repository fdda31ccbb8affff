import type { Accelerator, Placement } from "@tollgate/inference";
import { parseModelReference } from "@tollgate/model-registry";
import { ConfigError, type ConfigReader } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";

/** What an app that scores needs to know of its surroundings. */
export interface ScoringConfig {
  /** Package of the engagement. */
  readonly engagement: string;
  readonly kafkaBrokers: string;
  readonly topicPrefix: string;
  /** Partitions of every topic, at creation. */
  readonly partitions: number;
  /** `redis://` or `rediss://` with user and password; several nodes of a cluster separated by commas. */
  readonly redisUrl: string;
  /** True when the one URL is a node of a Redis Cluster. */
  readonly redisCluster: boolean;
  /** File with the certificates to trust for `rediss://`; undefined for the system's. */
  readonly redisCertificateAuthorityFile: string | undefined;
  readonly redisPrefix: string;
  /** Folder of the model registry; undefined for the one that the engagement carries. */
  readonly registryFolder: string | undefined;
  /** `name@alias`, `name@v3` or `name/3`. */
  readonly model: string;
  /** References of further versions that callers may choose; one session each. */
  readonly modelsBeside: readonly string[];
  /** How often it is looked whether the alias has moved to another version. */
  readonly modelWatchMs: number;
  /** Where the model runs; `auto` goes by what it costs. */
  readonly modelPlacement: Placement | "auto";
  /** What it runs on; `auto` takes a GPU from the batch size on at which it measured faster. */
  readonly accelerator: Accelerator;
  /** What all versions together may take of the device, by the size of their files. */
  readonly acceleratorMemoryMiB: number;
  /** Where decisions wait while Kafka is away; used by this process only. */
  readonly outboxFolder: string;
  /** How long a repeated transaction id gets its first decision. */
  readonly idempotencySeconds: number;
}

export function readScoringConfig(
  reader: ConfigReader,
  defaults: { readonly outboxFolder: string },
): ScoringConfig {
  return {
    engagement: reader.string("TOLLGATE_ENGAGEMENT", "@tollgate/engagement-card-payments"),
    kafkaBrokers: reader.string("TOLLGATE_KAFKA_BROKERS", "127.0.0.1:9092"),
    topicPrefix: reader.string("TOLLGATE_TOPIC_PREFIX", ""),
    partitions: reader.integer("TOLLGATE_PARTITIONS", { default: 4, min: 1, max: 16 }),
    redisUrl: reader.string("TOLLGATE_REDIS_URL", "redis://127.0.0.1:6379"),
    redisCluster: reader.boolean("TOLLGATE_REDIS_CLUSTER", false),
    redisCertificateAuthorityFile: reader.optional("TOLLGATE_REDIS_CA_FILE"),
    redisPrefix: reader.string("TOLLGATE_REDIS_PREFIX", "tollgate:"),
    registryFolder: reader.optional("TOLLGATE_MODEL_REGISTRY"),
    model: reader.string("TOLLGATE_MODEL", "card-payments@champion"),
    modelsBeside: readModelsBeside(reader),
    modelWatchMs: reader.integer("TOLLGATE_MODEL_WATCH_MS", {
      default: scoringLimits.modelWatchMs,
      min: 100,
      max: 3_600_000,
    }),
    modelPlacement: reader.oneOf("TOLLGATE_MODEL_PLACEMENT", {
      default: "in-thread",
      values: ["auto", "in-thread", "worker"],
    }),
    accelerator: reader.oneOf("TOLLGATE_ACCELERATOR", {
      default: "cpu",
      values: ["auto", "cuda", "webgpu", "cpu"],
    }),
    acceleratorMemoryMiB: reader.integer("TOLLGATE_ACCELERATOR_MEMORY_MIB", {
      default: scoringLimits.acceleratorMemoryMiB,
      min: 1,
      max: 1_048_576,
    }),
    outboxFolder: reader.string("TOLLGATE_OUTBOX_FOLDER", defaults.outboxFolder),
    idempotencySeconds: reader.integer("TOLLGATE_IDEMPOTENCY_SECONDS", {
      default: 600,
      min: 10,
      max: 86_400,
    }),
  };
}

function readModelsBeside(reader: ConfigReader): readonly string[] {
  const name = "TOLLGATE_MODELS_BESIDE";
  const references = (reader.optional(name) ?? "").split(",").map((reference) => reference.trim());
  const named = references.filter((reference) => reference !== "");
  const most = scoringLimits.loadedVersions - 1;
  if (named.length > most) {
    throw new ConfigError([
      `${name} names ${named.length} versions, ${most} may be loaded beside the served`,
    ]);
  }
  for (const reference of named) {
    try {
      parseModelReference(reference);
    } catch (error) {
      throw new ConfigError([`${name}: ${(error as Error).message}`]);
    }
  }
  return named;
}

/** Series of the exporters of Redis, PostgreSQL and Kafka, and of NVIDIA's, as far as they are used here. */
export const exporterMetrics = {
  redis: {
    memoryBytes: "redis_memory_used_bytes",
    commands: "redis_commands_processed_total",
    clients: "redis_connected_clients",
    evictions: "redis_evicted_keys_total",
  },
  postgres: {
    connections: "pg_stat_database_numbackends",
    commits: "pg_stat_database_xact_commit",
    sizeBytes: "pg_database_size_bytes",
  },
  kafka: {
    bytesIn: "kafka_server_bytesin_total",
    bytesOut: "kafka_server_bytesout_total",
    requests: "kafka_network_requests_total",
    logBytes: "kafka_log_size_bytes",
    underReplicated: "kafka_server_under_replicated_partitions",
  },
  gpu: {
    utilisationPercent: "DCGM_FI_DEV_GPU_UTIL",
    memoryUsedMiB: "DCGM_FI_DEV_FB_USED",
    temperatureCelsius: "DCGM_FI_DEV_GPU_TEMP",
    powerWatts: "DCGM_FI_DEV_POWER_USAGE",
  },
} as const;

/** Whose metrics an exporter shows. */
export type ExportedService = keyof typeof exporterMetrics;

/** The `job` under which exporters are scraped; their label `service` says what they show. */
export const exporterJob = "exporters";

/** Metrics that prom-client adds to every process (with our prefix), as far as they are used here. */
export const processMetrics = {
  cpuSeconds: "tollgate_process_cpu_seconds_total",
  residentBytes: "tollgate_process_resident_memory_bytes",
  heapUsedBytes: "tollgate_nodejs_heap_size_used_bytes",
  externalBytes: "tollgate_nodejs_external_memory_bytes",
  eventLoopLagP99: "tollgate_nodejs_eventloop_lag_p99_seconds",
  garbageCollection: "tollgate_nodejs_gc_duration_seconds",
  openFiles: "tollgate_process_open_fds",
  startTime: "tollgate_process_start_time_seconds",
} as const;

/** What Prometheus itself records of each target that it scrapes. */
export const scrapeMetrics = { up: "up", duration: "scrape_duration_seconds" } as const;

/** What Prometheus makes of its alert rules: 1 for each alert that waits or fires. */
export const alertSeries = "ALERTS";

/** What `npm run features -- skew --metrics FILE` writes, for node_exporter's textfile collector. */
export const skewMetric = "tollgate_feature_skew_ratio";

/** The `job` under which the platform's processes are scraped. */
export const scrapeJob = "tollgate";

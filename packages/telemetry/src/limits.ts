/** Named limits of telemetry. */
export const telemetryLimits = {
  /** Series of one metric; what comes after is not counted. Enough for 16 partitions of 60 topics. */
  seriesPerMetric: 1_000,
  /** A readiness check that has not answered by then has failed; orchestrators ask every few seconds. */
  readinessCheckMs: 1_000,
  /** A probe has no body and few headers; one that is still sending after this is not a probe. */
  probeRequestTimeoutMs: 5_000,
  /** A Prometheus, an orchestrator and a person with curl, with room. */
  probeConnections: 64,
} as const;

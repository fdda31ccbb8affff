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
  /** One trace in a hundred is kept whatever comes of it: enough to see what is normal. */
  tracesPerMillion: 10_000,
  /** The promise of the platform: what takes longer is looked at. */
  slowTraceMs: 100,
  /** Spans of one trace; a batch of thousands has six for each of its parts. */
  spansPerTrace: 256,
  /** Spans that wait for the receiver, about 5 MB; what comes then is lost, and only that. */
  spansQueued: 8_192,
  spansPerExport: 512,
  spanExportEveryMs: 1_000,
  /** An export that the receiver has not answered by then is given up. */
  spanExportMs: 5_000,
  /** A receiver that is away is told of this often. */
  spanFailureQuietMs: 60_000,
} as const;

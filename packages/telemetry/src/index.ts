export { catalogue } from "./catalogue.ts";
export type { MetricDefinition } from "./catalogue.ts";
export { createTelemetry } from "./create-telemetry.ts";
export type { LabelsOf, MetricKey, Metrics, Telemetry, TelemetryOptions } from "./create-telemetry.ts";
export type { Counter, Gauge, Histogram } from "./series.ts";
export { createReadiness } from "./readiness.ts";
export type { Readiness, ReadinessPart, ReadinessReport } from "./readiness.ts";
export { startProbeServer } from "./probe-server.ts";
export type { ProbeServerOptions } from "./probe-server.ts";

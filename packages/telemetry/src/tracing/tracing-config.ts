import type { ConfigReader } from "@tollgate/runtime";
import { telemetryLimits } from "../limits.ts";

/** Whether and which traces are kept. */
export interface TracingConfig {
  /** Where OTLP over HTTP is taken, as `http://collector:4318/v1/traces`; undefined: no traces at all. */
  readonly url: string | undefined;
  /** Share of traces that begin here and are kept whatever comes of them, 0 to 1. */
  readonly sampleRate: number;
  /** Requests that took longer are kept always, as are failed and declined ones. */
  readonly slowMs: number;
}

const partsPerMillion = 1_000_000;

export function readTracingConfig(read: ConfigReader): TracingConfig {
  const sampledPerMillion = read.integer("TOLLGATE_TRACES_PER_MILLION", {
    default: telemetryLimits.tracesPerMillion,
    min: 0,
    max: partsPerMillion,
  });
  return {
    url: read.optional("TOLLGATE_TRACES_URL"),
    sampleRate: sampledPerMillion / partsPerMillion,
    slowMs: read.integer("TOLLGATE_TRACES_SLOW_MS", {
      default: telemetryLimits.slowTraceMs,
      min: 1,
      max: 600_000,
    }),
  };
}

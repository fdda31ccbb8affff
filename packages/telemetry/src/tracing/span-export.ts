import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace";
import type { Clock, Logger } from "@tollgate/runtime";
import { telemetryLimits } from "../limits.ts";
import type { FinishedTrace } from "./kept-trace.ts";
import { readableSpans } from "./readable-spans.ts";

/** Where finished traces go. */
export interface SpanExport {
  send(trace: FinishedTrace): void;
  flush(): Promise<void>;
  /** Sends what is queued. */
  stop(): Promise<void>;
}

/** OpenTelemetry's own queue and OTLP over HTTP: a receiver that is away costs spans, never a transaction. */
export function openSpanExport(options: {
  readonly url: string;
  readonly service: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newSpanId: () => string;
}): SpanExport {
  const { url, service, newSpanId } = options;
  const resource = resourceFromAttributes({ "service.name": service, "service.namespace": "tollgate" });
  const timeoutMillis = telemetryLimits.spanExportMs;
  const processor = new BatchSpanProcessor({
    exporter: sayingWhatFails(new OTLPTraceExporter({ url, timeoutMillis }), options),
    maxQueueSize: telemetryLimits.spansQueued,
    maxExportBatchSize: telemetryLimits.spansPerExport,
    scheduledDelayMillis: telemetryLimits.spanExportEveryMs,
    exportTimeoutMillis: timeoutMillis,
  });
  return {
    send(trace) {
      for (const span of readableSpans(trace, { resource, newSpanId })) processor.onEnd(span);
    },
    flush: () => processor.forceFlush(),
    stop: () => processor.shutdown(),
  };
}

/** OpenTelemetry tells failures to a logger of the whole process; ours is passed in. */
function sayingWhatFails(
  exporter: SpanExporter,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): SpanExporter {
  let quietUntilMs = -Infinity;
  let suppressedBefore = 0;
  const say = (message: string): void => {
    const nowMs = clock.nowMs();
    suppressedBefore += 1;
    if (nowMs < quietUntilMs) return;
    logger.warn("spans-not-exported", { message, suppressedBefore: suppressedBefore - 1 });
    suppressedBefore = 0;
    quietUntilMs = nowMs + telemetryLimits.spanFailureQuietMs;
  };
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined) say(result.error.message);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

import type { Clock, Lifecycle, Logger } from "@tollgate/runtime";
import { createTracing, type Tracing } from "./create-tracing.ts";
import type { FinishedTrace } from "./kept-trace.ts";
import { createTraceIds } from "./trace-ids.ts";
import type { TracingConfig } from "./tracing-config.ts";

/** Tracing that is sent over the network. */
export interface OpenedTracing extends Tracing {
  /** Sends what waits to be sent. */
  flush(): Promise<void>;
}

export interface OpenTracingOptions {
  /** `service.name` of its spans. */
  readonly service: string;
  readonly config: TracingConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/**
 * The traces of this process, or undefined when no receiver is named: then nothing is loaded or made for it.
 * Open it first, so that what is traced last is still sent when the process stops.
 */
export async function openTracing(options: OpenTracingOptions): Promise<OpenedTracing | undefined> {
  const { service, config, clock, logger, lifecycle } = options;
  const { url, sampleRate, slowMs } = config;
  if (url === undefined) return undefined;
  // Loaded only when it is on: the exporter costs a start 60 ms.
  const { openSpanExport } = await import("./span-export.ts");
  const ids = createTraceIds();
  const output = openSpanExport({ url, service, clock, logger, newSpanId: () => ids.span() });
  lifecycle.onStop("traces", () => output.stop());
  const send = (trace: FinishedTrace): void => output.send(trace);
  const tracing = createTracing({ sampleRate, slowMs, clock, ids, random: Math.random, send });
  return { ...tracing, flush: () => output.flush() };
}

import type { Clock } from "@tollgate/runtime";
import { KeptTrace, type FinishedTrace, type Trace } from "./kept-trace.ts";
import type { SpanAttributesOf } from "./span-catalogue.ts";
import { traceContextOf } from "./trace-context.ts";
import type { TraceIds } from "./trace-ids.ts";

/** Headers of a request or of a Kafka record, as they came. */
export type IncomingHeaders = Readonly<Record<string, unknown>>;

/** Traces of one process. Where tracing is off there is none of these: callers ask `tracing?.begin(…)`. */
export interface Tracing {
  /** Begins the spans of a request, or goes on with its caller's trace. */
  begin(request: {
    readonly headers: IncomingHeaders;
    readonly kind: "server" | "consumer";
    /** Of the monotonic clock. */
    readonly startMicros: number;
  }): Trace;
  /**
   * Sends the one span with which a trace ends in another process; nothing when the trace is not sampled.
   * @returns true when it is sent.
   */
  archived(
    headers: IncomingHeaders,
    span: {
      readonly startMicros: number;
      readonly endMicros: number;
      readonly attributes: SpanAttributesOf<"archive">;
    },
  ): boolean;
}

export interface TracingOptions {
  readonly sampleRate: number;
  readonly slowMs: number;
  readonly clock: Clock;
  readonly ids: TraceIds;
  /** 0 to 1, evenly: chooses the traces that are kept whatever comes of them. */
  readonly random: () => number;
  readonly send: (trace: FinishedTrace) => void;
}

/** Decides at a request's end, when it is known whether it failed, was slow or declined. */
export function createTracing(options: TracingOptions): Tracing {
  const { sampleRate, clock, ids, random, send } = options;
  const slowMicros = options.slowMs * 1_000;
  const epochOffset = (): number => clock.nowMs() * 1_000 - clock.monotonicMicros();
  return {
    begin({ headers, kind, startMicros }) {
      const parent = headers["traceparent"] === undefined ? undefined : traceContextOf(headers);
      const chosen = parent === undefined ? random() < sampleRate : parent.sampled;
      const epochOffsetMicros = epochOffset();
      return new KeptTrace({ parent, kind, startMicros, epochOffsetMicros, chosen, slowMicros, ids, send });
    },
    archived(headers, { startMicros, endMicros, attributes }) {
      const parent = traceContextOf(headers);
      if (parent?.sampled !== true) return false;
      const root = { name: "archive" as const, spanId: ids.span(), startMicros, endMicros, attributes };
      const { traceId } = parent;
      const epochOffsetMicros = epochOffset();
      send({ traceId, parent, kind: "consumer", error: undefined, root, steps: [], epochOffsetMicros });
      return true;
    },
  };
}

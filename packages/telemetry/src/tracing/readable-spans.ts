import {
  createTraceState,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type HrTime,
  type SpanContext,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { FinishedSpan, FinishedTrace } from "./kept-trace.ts";
import { spans } from "./span-catalogue.ts";
import type { TraceContext } from "./trace-context.ts";

/** A finished trace as OpenTelemetry's exporters read it: the steps are children of the first span. */
export function readableSpans(
  trace: FinishedTrace,
  options: { readonly resource: Resource; readonly newSpanId: () => string },
): readonly ReadableSpan[] {
  const { resource, newSpanId } = options;
  const { root, parent, error } = trace;
  const rootContext = contextOf(trace, root.spanId);
  const toReadable = (
    span: FinishedSpan,
    context: SpanContext,
    above: SpanContext | undefined,
  ): ReadableSpan => ({
    ...emptySpan,
    name: span.name,
    kind: span === root ? kinds[trace.kind] : kinds[spans[span.name].kinds[0]],
    spanContext: () => context,
    ...(above === undefined ? {} : { parentSpanContext: above }),
    startTime: hrTime(span.startMicros + trace.epochOffsetMicros),
    endTime: hrTime(span.endMicros + trace.epochOffsetMicros),
    duration: hrTime(span.endMicros - span.startMicros),
    status:
      span === root && error !== undefined
        ? { code: SpanStatusCode.ERROR, message: error }
        : { code: SpanStatusCode.UNSET },
    attributes: span.attributes,
    resource,
  });
  return [
    toReadable(root, rootContext, parent === undefined ? undefined : remoteContext(parent)),
    ...trace.steps.map((step) => toReadable(step, contextOf(trace, step.spanId ?? newSpanId()), rootContext)),
  ];
}

const kinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const;

const emptySpan = {
  links: [],
  events: [],
  ended: true,
  instrumentationScope: { name: "tollgate" },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};

function contextOf({ traceId, parent }: FinishedTrace, spanId: string): SpanContext {
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  return parent?.tracestate === undefined
    ? context
    : { ...context, traceState: createTraceState(parent.tracestate) };
}

function remoteContext({ traceId, spanId, sampled }: TraceContext): SpanContext {
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId, spanId, traceFlags, isRemote: true };
}

function hrTime(micros: number): HrTime {
  const seconds = Math.floor(micros / 1_000_000);
  return [seconds, Math.round((micros - seconds * 1_000_000) * 1_000)];
}

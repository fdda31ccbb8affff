/** W3C trace context as it travels, over HTTP and in Kafka's headers. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Where a trace comes from. */
export interface TraceContext {
  readonly traceId: string;
  /** The caller's span. */
  readonly spanId: string;
  readonly sampled: boolean;
  /** Passed on as it came. */
  readonly tracestate: string | undefined;
}

const form = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/u;
const onlyZeros = /^0+$/u;
/** W3C: at least 512 characters should be passed on; longer ones are dropped whole. */
const tracestateForm = /^[\u0020-\u007e]{1,512}$/u;

/**
 * Reads `traceparent` and `tracestate` as HTTP and Kafka have them. Undefined when there is none or it is not
 * well-formed: then a trace begins here.
 */
export function traceContextOf(headers: Readonly<Record<string, unknown>>): TraceContext | undefined {
  const match = form.exec(textOf(headers["traceparent"]));
  if (match === null) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", rest] = match;
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (onlyZeros.test(traceId) || onlyZeros.test(spanId)) return undefined;
  const state = textOf(headers["tracestate"]);
  const tracestate = tracestateForm.test(state) ? state : undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, tracestate };
}

/** The headers for whoever goes on from this span. */
export function traceHeaders(context: TraceContext): TraceHeaders {
  const { traceId, spanId, sampled, tracestate } = context;
  const traceparent = `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : "";
}

import type { SpanAttributesOf, SpanName } from "./span-catalogue.ts";
import { telemetryLimits } from "../limits.ts";
import { traceHeaders, type TraceContext, type TraceHeaders } from "./trace-context.ts";
import type { TraceIds } from "./trace-ids.ts";

/** The spans of one request, kept until its end: only then it is known whether it is worth sending. */
export interface Trace {
  /** 32 hexadecimal digits, for log lines. */
  readonly traceId: string;
  /** The same once it is certain that the trace is sent; for exemplars. */
  readonly keptId: string | undefined;
  /** Of the monotonic clock. */
  readonly startMicros: number;
  /** Notes a step that has ended. Times are of the monotonic clock. */
  step<S extends SpanName>(
    name: S,
    times: { readonly startMicros: number; readonly endMicros: number },
    attributes?: SpanAttributesOf<S>,
  ): void;
  /** A step that others go on from; the trace knows it when it ends. */
  open(name: SpanName, startMicros: number): OpenStep;
  /** Notes what was decided; a declined transaction's trace is sent. */
  decided(decision: { readonly transactionId: string; readonly outcome: string }): void;
  /** The request ends in an error of ours: its trace is sent. */
  failed(message: string): void;
  /** Ends the trace, and sends it or forgets it. */
  end(endMicros: number, attributes?: SpanAttributesOf<"in">): void;
}

export interface OpenStep {
  /** For whoever goes on from this step; undefined when nobody would keep it. */
  readonly headers: TraceHeaders | undefined;
  end(endMicros: number, attributes?: SpanAttributesOf<"record">): void;
}

/** A finished span, with times of the monotonic clock. */
export interface FinishedSpan {
  readonly name: SpanName;
  readonly spanId: string | undefined;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** A trace on its way out. */
export interface FinishedTrace {
  readonly traceId: string;
  readonly parent: TraceContext | undefined;
  readonly kind: "server" | "consumer";
  readonly error: string | undefined;
  readonly root: FinishedSpan & { readonly spanId: string };
  readonly steps: readonly FinishedSpan[];
  /** Added to a time of the monotonic clock it gives microseconds since the Unix epoch. */
  readonly epochOffsetMicros: number;
}

export interface KeptTraceOptions {
  readonly parent: TraceContext | undefined;
  readonly kind: "server" | "consumer";
  readonly startMicros: number;
  readonly epochOffsetMicros: number;
  /** Chosen at its beginning: by the caller, or by the sample rate. */
  readonly chosen: boolean;
  readonly slowMicros: number;
  readonly ids: TraceIds;
  readonly send: (trace: FinishedTrace) => void;
}

type Reason = "chosen" | "declined" | "error" | "slow";

type Attributes = FinishedSpan["attributes"];
const noAttributes: Attributes = {};

/** A class, unlike its neighbours: one is made for every request, and closures would be ten objects more. */
export class KeptTrace implements Trace {
  readonly #options: KeptTraceOptions;
  readonly #steps: FinishedSpan[] = [];
  readonly #attributes: SpanAttributesOf<"in"> = {};
  #traceId: string | undefined;
  #rootId: string | undefined;
  #reason: Reason | undefined;
  #error: string | undefined;
  #ended = false;

  constructor(options: KeptTraceOptions) {
    this.#options = options;
    this.#traceId = options.parent?.traceId;
    this.#reason = options.chosen ? "chosen" : undefined;
  }

  get traceId(): string {
    // Made when somebody asks: most traces are forgotten without a name.
    this.#traceId ??= this.#options.ids.trace();
    return this.#traceId;
  }

  get startMicros(): number {
    return this.#options.startMicros;
  }

  get keptId(): string | undefined {
    return this.#reason === undefined ? undefined : this.traceId;
  }

  step<S extends SpanName>(
    name: S,
    times: { readonly startMicros: number; readonly endMicros: number },
    attributes: SpanAttributesOf<S> = noAttributes as SpanAttributesOf<S>,
  ): void {
    const { startMicros, endMicros } = times;
    this.#keep({ name, spanId: undefined, startMicros, endMicros, attributes: attributes as Attributes });
  }

  open(name: SpanName, startMicros: number): OpenStep {
    this.#noticeSlow(startMicros);
    const { parent, ids } = this.#options;
    const spanId = ids.span();
    const sampled = this.#reason !== undefined;
    const tracestate = parent?.tracestate;
    // An unsampled context is passed on when somebody outside began it; for us alone it would be bytes.
    const passedOn = sampled || parent !== undefined;
    const headers = passedOn
      ? traceHeaders({ traceId: this.traceId, spanId, sampled, tracestate })
      : undefined;
    return {
      headers,
      end: (endMicros, attributes = noAttributes) =>
        this.#keep({ name, spanId, startMicros, endMicros, attributes }),
    };
  }

  decided({ transactionId, outcome }: { readonly transactionId: string; readonly outcome: string }): void {
    this.#attributes["tollgate.transaction.id"] ??= transactionId;
    if (this.#attributes["tollgate.outcome"] !== "decline") this.#attributes["tollgate.outcome"] = outcome;
    if (outcome === "decline") this.#reason ??= "declined";
  }

  failed(message: string): void {
    this.#error ??= message;
    this.#reason ??= "error";
  }

  end(endMicros: number, attributes: SpanAttributesOf<"in"> = noAttributes): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#noticeSlow(endMicros);
    const reason = this.#reason;
    if (reason === undefined) return;
    const { startMicros, parent, kind, epochOffsetMicros, ids, send } = this.#options;
    this.#rootId ??= ids.span();
    const all = { ...this.#attributes, ...attributes, "tollgate.kept_because": reason };
    const root = { name: "in" as const, spanId: this.#rootId, startMicros, endMicros, attributes: all };
    const error = this.#error;
    send({ traceId: this.traceId, parent, kind, error, root, steps: this.#steps, epochOffsetMicros });
  }

  #keep(span: FinishedSpan): void {
    if (this.#steps.length < telemetryLimits.spansPerTrace) this.#steps.push(span);
  }

  #noticeSlow(nowMicros: number): void {
    if (nowMicros - this.#options.startMicros > this.#options.slowMicros) this.#reason ??= "slow";
  }
}

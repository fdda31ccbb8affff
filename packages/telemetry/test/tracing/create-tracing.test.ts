import type { Clock } from "@tollgate/runtime";
import { expect, test } from "vitest";
import {
  createTraceIds,
  createTracing,
  type FinishedTrace,
  type Trace,
  type Tracing,
} from "../../src/index.ts";
import { telemetryLimits } from "../../src/limits.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const callerSpan = "b7ad6b7169203331";
const sampledCaller = { traceparent: `00-${traceId}-${callerSpan}-01`, tracestate: "rojo=00f067aa0ba902b7" };
const slowMs = 100;

interface Fixture {
  readonly tracing: Tracing;
  readonly sent: readonly FinishedTrace[];
  begin(headers?: Readonly<Record<string, unknown>>): Trace;
}

/** @param random what the sampler draws: below the rate of 0.5 a trace is chosen. */
function fixture(random = 0.9): Fixture {
  const sent: FinishedTrace[] = [];
  const clock: Clock = { nowMs: () => 1_700_000_000_000, monotonicMicros: () => 0 };
  const tracing = createTracing({
    sampleRate: 0.5,
    slowMs,
    clock,
    ids: createTraceIds(),
    random: () => random,
    send: (trace) => void sent.push(trace),
  });
  return {
    tracing,
    sent,
    begin: (headers = {}) => tracing.begin({ headers, kind: "server", startMicros: 0 }),
  };
}

test("a quick, approved request that was not chosen is forgotten, and costs Kafka no header", () => {
  const { begin, sent } = fixture();
  const trace = begin();
  trace.step("recall", { startMicros: 1, endMicros: 2 });
  trace.decided({ transactionId: "t", outcome: "approve" });
  expect(trace.open("record", 5).headers).toBeUndefined();
  trace.end(slowMs * 1_000);
  expect(sent).toEqual([]);
  expect(trace.keptId).toBeUndefined();
});

test("failed, slow and declined requests are kept whatever the sampler says, each with its reason", () => {
  const { begin, sent } = fixture();
  const failed = begin();
  failed.failed("NOT_RECORDED");
  failed.end(1);
  begin().end(slowMs * 1_000 + 1);
  const declined = begin();
  declined.decided({ transactionId: "t-1", outcome: "decline" });
  declined.decided({ transactionId: "t-2", outcome: "approve" });
  declined.end(1, { "http.route": "/v1/score" });
  const reasons = sent.map(({ root, error }) => [root.attributes["tollgate.kept_because"], error]);
  expect(reasons).toEqual([
    ["error", "NOT_RECORDED"],
    ["slow", undefined],
    ["declined", undefined],
  ]);
  expect(sent[2]?.root.attributes).toMatchObject({
    "http.route": "/v1/score",
    "tollgate.outcome": "decline",
    "tollgate.transaction.id": "t-1",
  });
});

test("the head rate chooses those that begin here; a caller's choice is followed", () => {
  const chosen = fixture(0.4);
  chosen.begin().end(1);
  chosen.begin({ traceparent: `00-${traceId}-${callerSpan}-00` }).end(1);
  expect(chosen.sent.map(({ traceId: id }) => id === traceId)).toEqual([false]);
  const notChosen = fixture(0.5);
  notChosen.begin().end(1);
  notChosen.begin(sampledCaller).end(1);
  expect(notChosen.sent.map(({ traceId: id }) => id)).toEqual([traceId]);
});

test("who goes on from a step gets its span, the caller's state and whether the trace is kept", () => {
  const { begin, sent } = fixture();
  const kept = begin(sampledCaller);
  const step = kept.open("record", 3);
  const [, id, span, flags] = step.headers?.traceparent.split("-") ?? [];
  expect([id, flags, step.headers?.tracestate]).toEqual([traceId, "01", sampledCaller.tracestate]);
  step.end(4);
  kept.end(5);
  expect(sent[0]?.steps[0]?.spanId).toBe(span);
  // W3C: an unsampled context is passed on too when it came from outside.
  const unsampled = begin({ traceparent: `00-${traceId}-${callerSpan}-00` }).open("record", 3);
  expect(unsampled.headers?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`, "u"));
});

test("a request that is slow before it is recorded tells the ledger to go on with its trace", () => {
  const { begin } = fixture();
  expect(begin().open("record", slowMs * 1_000 + 1).headers?.traceparent).toMatch(/-01$/u);
});

test("the ledger's span is sent for sampled traces only", () => {
  const { tracing, sent } = fixture();
  const span = { startMicros: 1, endMicros: 2, attributes: {} };
  const asKafkaHas = { traceparent: Buffer.from(sampledCaller.traceparent) };
  expect(tracing.archived(asKafkaHas, span)).toBe(true);
  expect(tracing.archived({ traceparent: `00-${traceId}-${callerSpan}-00` }, span)).toBe(false);
  expect(tracing.archived({}, span)).toBe(false);
  expect(sent.map(({ root, parent }) => [root.name, parent?.spanId])).toEqual([["archive", callerSpan]]);
});

test.each([
  "",
  "00",
  `00-${traceId}-${callerSpan}`,
  `00-${traceId}-${callerSpan}-01-more`,
  `ff-${traceId}-${callerSpan}-01`,
  `00-${"0".repeat(32)}-${callerSpan}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${callerSpan}-01`,
])("a trace context that is not one (%s) begins a trace of our own", (traceparent) => {
  const { begin } = fixture();
  expect(begin({ traceparent }).traceId).not.toBe(traceId);
});

test("a later version of the trace context is read as far as it is known", () => {
  const { begin } = fixture();
  expect(begin({ traceparent: `cc-${traceId}-${callerSpan}-01-what-comes` }).keptId).toBe(traceId);
});

test("a trace holds a bounded number of spans, and ends once", () => {
  const { begin, sent } = fixture(0.1);
  const trace = begin();
  for (let step = 0; step < telemetryLimits.spansPerTrace + 10; step += 1) {
    trace.step("recall", { startMicros: step, endMicros: step });
  }
  trace.end(1);
  trace.end(2);
  expect(sent.map(({ steps }) => steps.length)).toEqual([telemetryLimits.spansPerTrace]);
});

import { expect, test } from "vitest";
import { createTelemetry, exposition } from "../src/index.ts";

/** As Prometheus asks when it takes both. */
const prometheus =
  "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
const traceId = "0af7651916cd43dd8448eb211c80319c";

test("who takes OpenMetrics gets it, with the last exemplar of each bucket of a histogram", async () => {
  const telemetry = createTelemetry();
  const duration = telemetry.metrics.scoreDuration({ source: "http" });
  duration.observe(0.006, "f".repeat(32));
  duration.observe(0.007, traceId);
  duration.observe(0.0072);
  telemetry.metrics.rateLimited().add(2);
  const { contentType, text } = await exposition(telemetry, prometheus);
  expect(contentType).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  const bucket = 'tollgate_score_duration_seconds_bucket{source="http",le="0.0075"} 3 ';
  expect(text).toMatch(new RegExp(`^${escapeForm(bucket)}# \\{trace_id="${traceId}"\\} 0\\.007$`, "mu"));
  expect(text).toContain('tollgate_score_duration_seconds_bucket{source="http",le="0.01"} 3\n');
  expect(text).toContain("# TYPE tollgate_rate_limited counter\ntollgate_rate_limited_total 2\n");
  expect(text).toMatch(/^# TYPE tollgate_process_cpu_seconds counter$/mu);
  expect(text).toMatch(/\n# EOF\n$/u);
  expect(text).not.toMatch(/^$\n/mu);
});

test("who does not, gets Prometheus' text, without exemplars", async () => {
  const telemetry = createTelemetry();
  telemetry.metrics.scoreDuration({ source: "http" }).observe(0.007, traceId);
  for (const accept of [undefined, "text/plain", "*/*"]) {
    const { contentType, text } = await exposition(telemetry, accept);
    expect(contentType).toMatch(/^text\/plain/u);
    expect(text).not.toContain(traceId);
    expect(text).not.toContain("# EOF");
    expect(text).toContain("# TYPE tollgate_rate_limited_total counter\n");
  }
});

test("every process shows event loop, garbage collection, memory and processor time", async () => {
  const { text } = await exposition(createTelemetry(), undefined);
  for (const name of [
    "tollgate_nodejs_eventloop_lag_p99_seconds",
    "tollgate_nodejs_gc_duration_seconds",
    "tollgate_process_resident_memory_bytes",
    "tollgate_nodejs_heap_size_used_bytes",
    "tollgate_process_cpu_seconds_total",
    "tollgate_process_open_fds",
  ]) {
    expect(text).toContain(`# TYPE ${name} `);
  }
});

function escapeForm(text: string): string {
  return text.replaceAll(/[{}.]/gu, String.raw`\$&`);
}

import { createTelemetry } from "@tollgate/telemetry";
import { expect, test } from "vitest";
import { countsOf, formatMetrics, parseMetrics, sumMetrics } from "../../src/processes/sum-metrics.ts";
import { valueOf } from "../support/metric-value.ts";

const delay = "tollgate_nodejs_eventloop_lag_seconds";

async function renderedBy(requests: number, delaySeconds: number): Promise<string> {
  const telemetry = createTelemetry({ processMetrics: false });
  const { metrics } = telemetry;
  metrics.httpRequests({ route: "/v1/score", status: "200" }).add(requests);
  metrics.outboxPending().set(requests);
  metrics.featureStoreCircuitOpen().set(1);
  metrics.modelInfo({ model: "m", version: "1", digest: "d" }).set(requests > 3 ? 1 : 0);
  metrics.httpRequestDuration({ route: "/v1/score" }).observe(0.004);
  metrics.httpRequestDuration({ route: "/v1/score" }).observe(requests);
  const lag = `# HELP ${delay} Lag.\n# TYPE ${delay} gauge\n${delay} ${delaySeconds}\n`;
  return `${await telemetry.render()}\n${lag}`;
}

test("counters, histograms and amounts add up; of delays and states the largest counts", async () => {
  const one = parseMetrics(await renderedBy(3, 0.02));
  const other = parseMetrics(await renderedBy(4, 0.01));
  const text = formatMetrics(sumMetrics([one, other]));
  expect(valueOf(text, 'tollgate_http_requests_total{route="/v1/score",status="200"}')).toBe(7);
  expect(valueOf(text, "tollgate_outbox_pending_records")).toBe(7);
  const duration = "tollgate_http_request_duration_seconds";
  expect(valueOf(text, `${duration}_bucket{route="/v1/score",le="0.005"}`)).toBe(2);
  expect(valueOf(text, `${duration}_bucket{route="/v1/score",le="+Inf"}`)).toBe(4);
  expect(valueOf(text, `${duration}_count{route="/v1/score"}`)).toBe(4);
  expect(valueOf(text, `${duration}_sum{route="/v1/score"}`)).toBeCloseTo(7.008);
  expect(valueOf(text, delay)).toBe(0.02);
  expect(valueOf(text, "tollgate_feature_store_circuit_open")).toBe(1);
  expect(valueOf(text, 'tollgate_model_info{model="m",version="1",digest="d"}')).toBe(1);
});

test("a series that one process alone has is kept, under its own metric", () => {
  const header = "# HELP a A.\n# TYPE a counter\n";
  const one = parseMetrics(`${header}a{x="1"} 1\n# HELP b B.\n# TYPE b gauge\nb 5\n`);
  const other = parseMetrics(`${header}a{x="1"} 2\na{x="2"} 3\n`);
  expect(formatMetrics(sumMetrics([one, other]))).toBe(
    `${header}a{x="1"} 3\na{x="2"} 3\n# HELP b B.\n# TYPE b gauge\nb 5\n`,
  );
});

test("one process alone comes out as it went in", async () => {
  const text = await renderedBy(2, 0.01);
  const lines = (of: string): readonly string[] => of.split("\n").filter((line) => line !== "");
  expect(lines(formatMetrics(sumMetrics([parseMetrics(text)])))).toEqual(lines(text));
});

test("of a process that has ended its counts stay, and its state does not", async () => {
  const text = formatMetrics(countsOf(parseMetrics(await renderedBy(3, 0.02))));
  expect(valueOf(text, 'tollgate_http_requests_total{route="/v1/score",status="200"}')).toBe(3);
  expect(valueOf(text, 'tollgate_http_request_duration_seconds_count{route="/v1/score"}')).toBe(2);
  expect(valueOf(text, "tollgate_outbox_pending_records")).toBeUndefined();
});

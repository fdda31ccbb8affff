import { outcomes, stages } from "@tollgate/contracts";
import { expect, expectTypeOf, test } from "vitest";
import { catalogue, createTelemetry, type LabelsOf } from "../src/index.ts";

test("a counter is rendered with its labels and counts what was added", async () => {
  const { metrics, render } = createTelemetry({ processMetrics: false });
  metrics.decisions({ outcome: "decline", source: "kafka", rung: "model" }).add();
  metrics.decisions({ outcome: "decline", source: "kafka", rung: "model" }).add(2);
  expect(await render()).toContain(
    'tollgate_decisions_total{outcome="decline",source="kafka",rung="model"} 3\n',
  );
});

test("series with known labels are there from the start, at zero", async () => {
  const text = await createTelemetry({ processMetrics: false }).render();
  expect(text).toContain('tollgate_decisions_total{outcome="approve",source="http",rung="model"} 0\n');
  expect(text).toContain("tollgate_state_conflicts_total 0\n");
  expect(text).toContain('tollgate_stage_duration_seconds_count{stage="record"} 0\n');
});

test("a histogram's buckets are cumulative, and its bounds belong to the lower bucket", async () => {
  const { metrics, render } = createTelemetry({ processMetrics: false });
  const histogram = metrics.scoreDuration({ source: "http" });
  for (const seconds of [0.0005, 0.0006, 0.09, 7]) histogram.observe(seconds);
  const text = await render();
  expect(text).toContain('tollgate_score_duration_seconds_bucket{source="http",le="0.0005"} 1\n');
  expect(text).toContain('tollgate_score_duration_seconds_bucket{source="http",le="0.001"} 2\n');
  expect(text).toContain('tollgate_score_duration_seconds_bucket{source="http",le="0.1"} 3\n');
  expect(text).toContain('tollgate_score_duration_seconds_bucket{source="http",le="+Inf"} 4\n');
  expect(text).toContain('tollgate_score_duration_seconds_count{source="http"} 4\n');
  expect(text).toMatch(/tollgate_score_duration_seconds_sum\{source="http"\} 7\.09/);
});

test("a duration that is not a number does not spoil the sum", async () => {
  const { metrics, render } = createTelemetry({ processMetrics: false });
  metrics.stageDuration({ stage: "predict" }).observe(Number.NaN);
  expect(await render()).toContain('tollgate_stage_duration_seconds_sum{stage="predict"} 0\n');
});

test("a gauge that is read is up to date in every rendering", async () => {
  const { metrics, render, beforeRender } = createTelemetry({ processMetrics: false });
  let pending = 0;
  beforeRender(() => metrics.outboxPending().set(pending));
  pending = 7;
  expect(await render()).toContain("tollgate_outbox_pending_records 7\n");
});

test("two telemetries share nothing", async () => {
  const first = createTelemetry({ processMetrics: false });
  const second = createTelemetry({ processMetrics: false });
  first.metrics.claimsResumed().add();
  expect(await second.render()).toContain("tollgate_claims_resumed_total 0\n");
});

test("a label's value cannot break the format", async () => {
  const { metrics, render } = createTelemetry({ processMetrics: false });
  metrics.ledgerRows({ table: 'a"b\\c\nd' }).add();
  expect(await render()).toContain('tollgate_ledger_rows_total{table="a\\"b\\\\c\\nd"} 1\n');
});

test("open labels stop growing at the limit", async () => {
  const { metrics, render } = createTelemetry({ processMetrics: false });
  for (let table = 0; table < 1_200; table += 1) metrics.ledgerRows({ table: `t${table}` }).add();
  const lines = (await render()).split("\n").filter((line) => line.startsWith("tollgate_ledger_rows_total{"));
  expect(lines).toHaveLength(1_000);
});

test("the process's own metrics carry the prefix", async () => {
  const text = await createTelemetry().render();
  expect(text).toContain("tollgate_process_cpu_seconds_total");
  expect(text).toContain("tollgate_nodejs_eventloop_lag_seconds");
});

test("a handle is the same for the same labels, so that it may be kept or asked for again", () => {
  const { metrics } = createTelemetry({ processMetrics: false });
  expect(metrics.consumerLag({ topic: "t", partition: "0" })).toBe(
    metrics.consumerLag({ partition: "0", topic: "t" }),
  );
});

test("the catalogue's labels are those of the contracts", () => {
  expect([...catalogue.decisions.labels.outcome]).toEqual([...outcomes]);
  expect([...catalogue.stageDuration.labels.stage]).toEqual([...stages]);
  expectTypeOf<LabelsOf<"stageDuration">["stage"]>().toEqualTypeOf<(typeof stages)[number]>();
  expectTypeOf<LabelsOf<"consumerLag">>().toEqualTypeOf<{
    readonly topic: string;
    readonly partition: string;
  }>();
});

test("every name has the prefix and its unit, and every counter ends in _total", () => {
  for (const { name, kind, help } of Object.values(catalogue)) {
    expect(name).toMatch(/^tollgate_[a-z_]+$/);
    expect(name.endsWith("_total")).toBe(kind === "counter");
    if (kind === "histogram") expect(name).toMatch(/_seconds$|^tollgate_score$/);
    expect(help).toMatch(/\.$/);
  }
});

test("every histogram has rising buckets", () => {
  for (const definition of Object.values(catalogue)) {
    if (definition.kind !== "histogram") continue;
    expect([...definition.buckets]).toEqual(definition.buckets.toSorted((a, b) => a - b));
  }
});

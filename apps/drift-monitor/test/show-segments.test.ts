import { createTelemetry } from "@tollgate/telemetry";
import { expect, test } from "vitest";
import { showSegments } from "../src/show-segments.ts";
import type { PerformanceDay } from "../src/store/performance-store.ts";

const model = { name: "card-payments", version: 1 };
const series = 'model="card-payments",version="1",segment="channel=ecom"';

function day(options: {
  readonly segment: string;
  readonly dayMs: number;
  readonly status: "mature" | "immature";
  readonly caughtMinor: number;
}): PerformanceDay {
  const { segment, dayMs, status, caughtMinor } = options;
  const unknown = { averagePrecision: null, areaUnderRoc: null, recall: null, precision: null };
  return {
    model,
    segment,
    dayMs,
    figures: {
      decisions: 10,
      frauds: 1,
      status,
      maturity: 0.9,
      realised: { ...unknown, falsePositiveRate: null, alertRate: null, calibrationError: null },
      estimated: null,
      business: {
        fraudValueCaughtMinor: caughtMinor,
        fraudValueMissedMinor: 250,
        goodValueBlockedMinor: 0,
        approvalRate: 0.9,
        costPerThousandMinor: 0,
      },
    },
  };
}

test("each segment shows the value of the latest day on which all labels are mature", async () => {
  const telemetry = createTelemetry({ processMetrics: false });
  const days = [1, 2, 3].flatMap((dayMs) =>
    ["all", "channel=ecom"].map((segment) =>
      day({ segment, dayMs, status: dayMs < 3 ? "mature" : "immature", caughtMinor: dayMs * 1_000 }),
    ),
  );
  showSegments(days, [{ model, curves: [], falsePositiveRateRatios: [] }], telemetry);
  const text = await telemetry.render();
  expect(text).toContain(`tollgate_fraud_value{${series},result="caught"} 20\n`);
  expect(text).toContain(`tollgate_fraud_value{${series},result="missed"} 2.5\n`);
});

test("a segment's false positives are shown, and a ratio that cannot be known is not", async () => {
  const telemetry = createTelemetry({ processMetrics: false });
  const known = { honest: 100, falsePositives: 2, rate: 0.02, low: 1, high: 4 };
  const falsePositiveRateRatios = [
    { ...known, segment: "channel=ecom", ratio: 2 },
    { ...known, segment: "channel=atm", ratio: Number.NaN },
  ];
  showSegments([], [{ model, curves: [], falsePositiveRateRatios }], telemetry);
  const text = await telemetry.render();
  expect(text).toContain(`tollgate_segment_false_positive_rate{${series}} 0.02\n`);
  expect(text).toContain(`tollgate_segment_false_positive_ratio{${series}} 2\n`);
  expect(text).not.toMatch(/false_positive_ratio\{[^}]*atm/u);
});

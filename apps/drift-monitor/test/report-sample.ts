import type { DriftVerdict } from "@tollgate/contracts";
import type { ReportData } from "../src/report/report-data.ts";

const day = "2026-03-02";

function sampleVerdict(hour: number, status: DriftVerdict["status"]): DriftVerdict {
  const from = new Date(Date.UTC(2026, 2, 2, hour)).toISOString();
  const finding = {
    feature: "transaction:amount",
    subject: "feature",
    status: "drifted",
    aspect: "distribution",
    effect: 0.42,
    pValue: 1e-9,
    adjustedPValue: 4.5e-8,
    referenceStabilityIndex: 0.5,
    scoreChangeShare: 0.61,
    picture: { bins: ["[0, 10)", "[10, 50)", "missing"], baseline: [50, 40, 10], window: [20, 70, 10] },
  } as const;
  return {
    schema: "tollgate.drift.v1",
    verdictId: `card-payments@v1/all/hour/${from}`,
    model: { name: "card-payments", version: 1 },
    segment: "all",
    window: { kind: "hour", from, until: new Date(Date.UTC(2026, 2, 2, hour + 1)).toISOString() },
    status,
    explanation: "as it is",
    decisions: 1_000,
    outcomes: { approve: 990, review: 8, decline: 2 },
    meanScore: 0.004,
    baseline: { source: "reference", decisions: 150_000 },
    tests: 100,
    level: 0.001,
    findings: status === "drifted" ? [finding] : [],
    untested: [],
    announced: null,
    response: { action: status === "drifted" ? "review" : "nothing", reason: "inputs <moved>" },
  };
}

/** A day of which two hours drifted. */
export function sampleData(): ReportData {
  const statuses = ["ok", "ok", "drifted", "drifted", "warning", "inconclusive"] as const;
  const verdicts = Array.from({ length: 24 }, (_, hour) => sampleVerdict(hour, statuses[hour % 6] ?? "ok"));
  const drifted = verdicts.filter(({ status }) => status === "drifted");
  const strongest = drifted.slice(0, 1).flatMap((verdict) =>
    verdict.findings.map((finding) => ({
      finding,
      verdict,
      windows: drifted.length,
      first: verdict.window.from,
      last: drifted.at(-1)?.window.from ?? "",
    })),
  );
  const figures = {
    averagePrecision: 0.5,
    areaUnderRoc: 0.97,
    recall: 0.6,
    precision: 0.4,
    falsePositiveRate: 0.01,
  };
  const days = [0, 1, 2].map((later) => ({
    model: { name: "card-payments", version: 1 },
    segment: "all",
    day: new Date(Date.parse(day) + later * 86_400_000).toISOString().slice(0, 10),
    figures: {
      decisions: 9_000,
      frauds: 40,
      status: later === 2 ? ("immature" as const) : ("mature" as const),
      maturity: 0.9 - later / 5,
      realised: { ...figures, alertRate: 0.01, calibrationError: 0.002 },
      estimated: { ...figures, recall: 0.55 + later / 20 },
      business: {
        fraudValueCaughtMinor: 1_234_500,
        fraudValueMissedMinor: 200_000,
        goodValueBlockedMinor: 50_000,
        approvalRate: 0.99,
        costPerThousandMinor: 13_800,
      },
    },
  }));
  const agesMs = [3_600_000, 86_400_000, 7 * 86_400_000, 30 * 86_400_000];
  return {
    from: "2026-03-02T00:00:00.000Z",
    to: "2026-03-05T00:00:00.000Z",
    model: { name: "card-payments", version: 1 },
    verdicts,
    days,
    maturity: {
      curves: [{ source: "all", agesMs, shares: [0.05, 0.3, 0.8, 1], labels: 120 }],
      falsePositiveRateRatios: [
        {
          segment: "channel=card-present",
          honest: 6_000,
          falsePositives: 60,
          rate: 0.01,
          ratio: 1.1,
          low: 0.8,
          high: 1.5,
        },
      ],
    },
    strongest,
  };
}

import type { Promises } from "../alerts/alert.ts";
import { alertLimits } from "../alerts/limits.ts";
import { rounded } from "../alerts/service-level-alerts.ts";
import { matching } from "../metrics/select.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { outcomePanel } from "./common-panels.ts";
import { increaseHere, modelSeriesHere, rateHere } from "./here.ts";

const flagged = { outcome: matching("review|decline") } as const;

/** What a risk manager opens: what is decided, what it costs, what turned out to be fraud. */
export function fraudAndMoney(promises: Promises): DashboardDefinition {
  return {
    uid: "tollgate-fraud-and-money",
    title: "Fraud & money",
    description:
      "What is decided against what the client can bear, what it costs, and what turned out to be fraud.",
    rows: [
      { title: "Within the time shown", panels: numbers(promises) },
      {
        title: "Decisions",
        panels: [outcomePanel(), flaggedPanel(promises), declinedPanel(promises), costPanel(promises)],
      },
      { title: "Truth, as it arrives", panels: [verdictPanel, fraudCountPanel] },
      { title: "By segment, once labels are mature", panels: [valuePanel, falsePositivePanel, ratioPanel] },
    ],
  };
}

function numbers({ policy }: Promises): readonly Panel[] {
  const budget = rounded(policy.alertBudgetShare * 100);
  const flaggedShare = `${increaseHere("decisions", flagged)} / ${increaseHere("decisions")}`;
  return [
    {
      title: "Decided",
      description: "First decisions within the time shown.",
      kind: "number",
      unit: "short",
      decimals: 0,
      width: 4,
      queries: [{ legend: "decided", expression: increaseHere("decisions") }],
    },
    {
      title: "Sent to review",
      description: "Payments within the time shown that an analyst has to look at.",
      kind: "number",
      unit: "short",
      decimals: 0,
      width: 4,
      queries: [{ legend: "review", expression: increaseHere("decisions", { outcome: "review" }) }],
      alerts: ["AlertBudgetExceeded"],
    },
    {
      title: "Declined",
      description: "Payments within the time shown that were turned away.",
      kind: "number",
      unit: "short",
      decimals: 0,
      width: 4,
      queries: [{ legend: "decline", expression: increaseHere("decisions", { outcome: "decline" }) }],
      alerts: ["DeclineShareHigh"],
    },
    {
      title: "Alert budget used",
      description:
        `Share of payments flagged within the time shown, over the ${budget} % that analysts can look at. ` +
        "1 is all of it.",
      kind: "number",
      unit: "x",
      decimals: 2,
      width: 4,
      thresholds: { warn: 1, bad: alertLimits.alertBudgetFactor },
      queries: [{ legend: "used", expression: `${flaggedShare} / ${policy.alertBudgetShare}` }],
      alerts: ["AlertBudgetExceeded"],
    },
  ];
}

function flaggedPanel({ policy }: Promises): Panel {
  return {
    title: "Flagged payments",
    description: "Share of payments sent to review or declined. The lines: the alert budget, and the alert.",
    kind: "lines",
    unit: "percentunit",
    decimals: 2,
    width: 12,
    thresholds: {
      warn: policy.alertBudgetShare,
      bad: rounded(alertLimits.alertBudgetFactor * policy.alertBudgetShare),
    },
    queries: [
      { legend: "flagged", expression: `${rateHere("decisions", flagged)} / ${rateHere("decisions")}` },
    ],
    alerts: ["AlertBudgetExceeded", "DecisionMixShifted"],
  };
}

function declinedPanel({ policy }: Promises): Panel {
  return {
    title: "Declined payments",
    description:
      "Share of payments declined. The first line is what the client can bear, the second the alert.",
    kind: "lines",
    unit: "percentunit",
    decimals: 2,
    width: 12,
    thresholds: {
      warn: policy.declineBudgetShare,
      bad: rounded(alertLimits.declineBudgetFactor * policy.declineBudgetShare),
    },
    queries: [
      {
        legend: "declined",
        expression: `${rateHere("decisions", { outcome: "decline" })} / ${rateHere("decisions")}`,
      },
    ],
    alerts: ["DeclineShareHigh"],
  };
}

const secondsPerDay = 86_400;
const minorUnits = 100;

function costPanel({ policy }: Promises): Panel {
  const unitCost = policy.costs.reviewMinor / minorUnits;
  return {
    title: "Cost of reviews a day",
    description:
      `At ${unitCost} of the base currency for one review (the engagement's policy), if the day goes on ` +
      "like this.",
    kind: "lines",
    unit: "short",
    width: 12,
    queries: [
      {
        legend: "reviews",
        expression: `${rateHere("decisions", { outcome: "review" })} * ${secondsPerDay * unitCost}`,
      },
    ],
    alerts: ["AlertBudgetExceeded"],
  };
}

const verdictPanel: Panel = {
  title: "Verdicts on labelled payments",
  description: "Labelled payments a second that became known: true is fraud, false was taken back.",
  kind: "stacked",
  unit: "recps",
  width: 12,
  queries: byValue(["true", "false"], (fraud) => rateHere("labelsPublished", { fraud })),
  alerts: ["LabelsMissing"],
};

const fraudCountPanel: Panel = {
  title: "Fraud found out, within the time shown",
  description: "Payments that turned out to be fraud within the time shown.",
  kind: "number",
  unit: "short",
  decimals: 0,
  width: 12,
  queries: [{ legend: "fraud", expression: increaseHere("labelsPublished", { fraud: "true" }) }],
  alerts: ["LabelsMissing"],
};

const bySegment = { segment: matching("$segment") } as const;

/** The same from every monitor: the largest is any of them. */
function ofSegment(series: string): string {
  return `max by (segment) (${series})`;
}

const valuePanel: Panel = {
  title: "Fraud's value, caught and missed",
  description:
    "Value of fraud in the latest day with mature labels, in the base currency: what was flagged, and what " +
    "was approved.",
  kind: "lines",
  unit: "short",
  width: 24,
  queries: byValue(["caught", "missed"], (result) =>
    ofSegment(modelSeriesHere("fraudValue", { ...bySegment, result })),
  ).map(({ legend, expression }) => ({ legend: `${legend}, {{segment}}`, expression })),
};

const falsePositivePanel: Panel = {
  title: "Honest payments flagged",
  description:
    "Share of honest payments that were sent to review or declined, over the latest days with mature labels.",
  kind: "lines",
  unit: "percentunit",
  decimals: 2,
  width: 12,
  queries: [
    {
      legend: "{{segment}}",
      expression: ofSegment(modelSeriesHere("segmentFalsePositiveRate", bySegment)),
    },
  ],
};

const ratioPanel: Panel = {
  title: "False-positive ratio",
  description:
    "A segment's share of honest payments flagged, over that of all others: at 2 its honest people are " +
    "stopped twice as often.",
  kind: "lines",
  unit: "x",
  decimals: 2,
  width: 12,
  queries: [
    {
      legend: "{{segment}}",
      expression: ofSegment(modelSeriesHere("segmentFalsePositiveRatio", bySegment)),
    },
  ],
};

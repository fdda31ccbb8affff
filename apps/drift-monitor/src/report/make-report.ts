import { driftStatuses, driftWindowKinds, type DriftVerdict } from "@tollgate/contracts";
import { histogramChart, lineChart, percent, statusStrip } from "./charts.ts";
import type { ReportBlock, ReportDocument, ReportSection } from "./document.ts";
import type { FeatureDrift, ReportData, ReportDay } from "./report-data.ts";

/** Puts the figures into words, tables and pictures, for a person. */
export function makeReport(data: ReportData): ReportDocument {
  const { model, from, to } = data;
  return {
    title: `Drift of ${model.name}@v${model.version}, ${shortTime(from)} to ${shortTime(to)}`,
    sections: [
      summarySection(data),
      driftSection(data),
      performanceSection(data),
      moneySection(data),
      labelSection(data),
    ],
  };
}

function summarySection({ verdicts, strongest }: ReportData): ReportSection {
  const of = (kind: string, status: string): number =>
    verdicts.filter((verdict) => verdict.window.kind === kind && verdict.status === status).length;
  const kinds = driftWindowKinds.filter((kind) => verdicts.some(({ window }) => window.kind === kind));
  const rows = kinds.map((kind) => [kind, ...driftStatuses.map((status) => String(of(kind, status)))]);
  const strips = kinds.map((kind) => ({
    name: kind,
    windows: verdicts
      .filter(({ window }) => window.kind === kind)
      .map((verdict) => ({
        title: `${shortTime(verdict.window.from)}: ${verdict.status}`,
        status: verdict.status,
      })),
  }));
  return {
    title: "In short",
    blocks: [
      { kind: "text", text: headline(verdicts, strongest) },
      {
        kind: "figure",
        name: "windows",
        caption: "Every judged window in the order of time, by its verdict.",
        svg: statusStrip(strips),
      },
      { kind: "table", header: ["window", ...driftStatuses], rows },
      {
        kind: "text",
        text:
          "Inconclusive means too few decisions, or nothing to compare with: it is no pass. A warning is " +
          "a change that is significant but small, or one that was announced.",
      },
    ],
  };
}

function headline(verdicts: readonly DriftVerdict[], strongest: readonly FeatureDrift[]): string {
  const drifted = verdicts.filter(({ status }) => status === "drifted");
  const last = drifted.at(-1);
  if (last === undefined) return `Nothing drifted in ${verdicts.length} windows.`;
  const names = strongest.slice(0, 5).map(({ finding }) => finding.feature);
  const more = strongest.length > names.length ? ` and ${strongest.length - names.length} more` : "";
  return (
    `${drifted.length} of ${verdicts.length} windows drifted, in ${names.join(", ")}${more}. ` +
    `The latest, the ${last.window.kind} from ${shortTime(last.window.from)}, suggests: ` +
    `${last.response.action} (${last.response.reason}).`
  );
}

function driftSection({ strongest }: ReportData): ReportSection {
  if (strongest.length === 0) return { title: "What drifted", blocks: [{ kind: "text", text: "Nothing." }] };
  const rows = strongest.map(({ finding, windows, first, last }) => [
    finding.feature,
    finding.aspect,
    finding.effect.toFixed(3),
    finding.adjustedPValue.toExponential(1),
    finding.scoreChangeShare === null ? "–" : percent(finding.scoreChangeShare),
    String(windows),
    shortTime(first),
    shortTime(last),
  ]);
  const figures = strongest
    .filter(({ finding }) => (finding.picture as unknown) !== undefined)
    .map(({ finding, verdict }, place): ReportBlock => ({
      kind: "figure",
      name: `feature-${place + 1}`,
      caption:
        `${finding.feature}: the ${verdict.window.kind} from ${shortTime(verdict.window.from)} ` +
        "beside its baseline.",
      svg: histogramChart(finding.picture),
    }));
  const header = ["feature", "in", "effect", "p", "of the score's change", "windows", "first", "last"];
  return { title: "What drifted", blocks: [{ kind: "table", header, rows }, ...figures] };
}

function performanceSection({ days }: ReportData): ReportSection {
  const own = days.filter(({ segment }) => segment === "all");
  const title = "How well the model does";
  if (own.length === 0) return { title, blocks: [{ kind: "text", text: "No whole day is known yet." }] };
  const realised = (pick: (day: ReportDay) => number | null): readonly (number | null)[] =>
    own.map((day) => (day.figures.status === "mature" ? pick(day) : null));
  const rows = own.map(({ day, figures }) => [
    day,
    String(figures.decisions),
    String(figures.frauds),
    shareText(figures.maturity),
    figures.status,
    shareText(figures.realised.recall),
    shareText(figures.estimated?.recall ?? null),
    shareText(figures.realised.precision),
    shareText(figures.realised.averagePrecision),
  ]);
  const header = [
    "day",
    "decisions",
    "frauds",
    "labels there",
    "the day is",
    "recall",
    "recall expected",
    "precision",
    "average precision",
  ];
  return {
    title,
    blocks: [
      {
        kind: "figure",
        name: "recall",
        caption: "Recall at the alert budget: expected from calibrated scores, and as mature labels say.",
        svg: lineChart(
          own.map(({ day }) => day.slice(5)),
          [
            { name: "expected", values: own.map(({ figures }) => figures.estimated?.recall ?? null) },
            { name: "by mature labels", values: realised(({ figures }) => figures.realised.recall) },
          ],
        ),
      },
      { kind: "table", header, rows },
      {
        kind: "text",
        text:
          "What is expected comes from the scores alone: it is blind to a new kind of fraud that scores " +
          "low. What labels say of a day that is immature will still change.",
      },
    ],
  };
}

function moneySection({ days }: ReportData): ReportSection {
  const own = days.filter(({ segment }) => segment === "all");
  const rows = own.map(({ day, figures: { business } }) => [
    day,
    money(business.fraudValueCaughtMinor),
    money(business.fraudValueMissedMinor),
    money(business.goodValueBlockedMinor),
    money(business.costPerThousandMinor),
    shareText(business.approvalRate),
  ]);
  const header = ["day", "fraud caught", "fraud missed", "good blocked", "cost per 1,000", "approved"];
  const note = "In major units of the policy's currency, as far as labels have arrived.";
  return {
    title: "Money",
    blocks: [
      { kind: "table", header, rows },
      { kind: "text", text: note },
    ],
  };
}

function labelSection({ maturity }: ReportData): ReportSection {
  const title = "Labels and fairness";
  const curves = maturity?.curves.filter(({ labels }) => labels > 0) ?? [];
  const [first] = curves;
  const blocks: ReportBlock[] = [];
  if (first === undefined) blocks.push({ kind: "text", text: "No label of fraud has arrived yet." });
  else {
    blocks.push({
      kind: "figure",
      name: "maturity",
      caption: "Share of the labels of fraud that have arrived by each age of their transaction, by source.",
      svg: lineChart(
        first.agesMs.map(ageText),
        curves.map(({ source, shares }) => ({ name: source, values: shares })),
      ),
    });
  }
  const ratios = maturity?.falsePositiveRateRatios ?? [];
  if (ratios.length > 0) {
    blocks.push({
      kind: "table",
      header: ["segment", "honest", "stopped", "rate", "against the rest", "95 %"],
      rows: ratios.map((one) => [
        one.segment,
        String(one.honest),
        String(one.falsePositives),
        shareText(one.rate),
        figure(one.ratio),
        `${figure(one.low)} to ${figure(one.high)}`,
      ]),
    });
  }
  return { title, blocks };
}

function shortTime(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}

function ageText(ageMs: number): string {
  const hours = ageMs / 3_600_000;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} d`;
}

/** JSON has no NaN: what is not known is null. */
function shareText(share: number | null): string {
  return share === null || Number.isNaN(share) ? "–" : percent(share);
}

function figure(value: number | null): string {
  return value === null || Number.isNaN(value) ? "–" : value.toFixed(2);
}

function money(minor: number | null): string {
  return minor === null ? "–" : (minor / 100).toLocaleString("en", { maximumFractionDigits: 0 });
}

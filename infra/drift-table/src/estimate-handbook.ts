import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  buildReferenceProfile,
  createDriftCounters,
  estimatedPerformance,
  realisedPerformance,
  type DriftCounters,
  type ReferenceProfile,
} from "@tollgate/drift";
import { createRandom } from "@tollgate/engagement";
import { dayMs } from "./base-stream.ts";
import { linePlot } from "./line-plot.ts";
import { repositoryPath, runPython } from "./python-tool.ts";

/** A week: what CBPE said before any label, and what labels say. */
export interface EstimatedWeek {
  readonly from: string;
  readonly estimated: { readonly averagePrecision: number; readonly recall: number };
  readonly realised: { readonly averagePrecision: number; readonly recall: number };
  /** The same week with a new kind of fraud among the payments that score low. */
  readonly drifted: { readonly averagePrecision: number; readonly recall: number };
}

export interface HandbookEstimate {
  readonly weeks: readonly EstimatedWeek[];
  /** Means of the absolute differences between estimate and labels. */
  readonly averagePrecisionError: number;
  readonly recallError: number;
  /** The same where the world changes: what the estimate cannot see. */
  readonly driftedAveragePrecisionError: number;
  readonly driftedRecallError: number;
  readonly plotPath: string;
}

interface Scored {
  readonly times: Float64Array;
  readonly scores: Float32Array;
  readonly frauds: Uint8Array;
}

const rowsPath = ".local/evaluation/handbook/rows.parquet";
const outputFolder = ".local/drift-table";
const referenceDays = 28;
/** As the engagement's alert budget. */
const alertShare = 0.01;
const newFraudShare = 0.004;

/** CBPE on the Handbook's later weeks, or why it cannot be shown. */
export async function estimateHandbook(): Promise<HandbookEstimate | { readonly skipped: string }> {
  const rows = repositoryPath(rowsPath);
  const python = repositoryPath(".local/trainer-venv/bin/python");
  const missing = [rows, python].find((path) => !existsSync(path));
  if (missing !== undefined) {
    return { skipped: `${missing} is made by "npm run evaluate -- --dataset handbook": run it first` };
  }
  const folder = repositoryPath(join(outputFolder, "cbpe"));
  await runPython(python, [repositoryPath("infra/drift-table/cbpe/score_handbook.py"), rows, folder]);
  const scored = await readScored(folder);
  const profile = referenceOf(scored);
  const weeks = weeksOf(scored, profile);
  const plotPath = repositoryPath(join(outputFolder, "cbpe.svg"));
  await mkdir(repositoryPath(outputFolder), { recursive: true });
  await writeFile(plotPath, plotOf(weeks));
  return { weeks, plotPath, ...errorsOf(weeks) };
}

async function readScored(folder: string): Promise<Scored> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const bytes = await readFile(join(folder, name));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  };
  return {
    times: new Float64Array(await read("times")),
    scores: new Float32Array(await read("scores")),
    frauds: new Uint8Array(await read("frauds")),
  };
}

function referenceOf({ times, scores, frauds }: Scored): ReferenceProfile {
  const untilMs = (times[0] ?? 0) + referenceDays * dayMs;
  const size = times.findIndex((time) => time >= untilMs);
  const sorted = scores.slice(0, size).toSorted();
  const review = sorted[Math.floor(size * (1 - alertShare))] ?? 1;
  return buildReferenceProfile({
    model: { name: "handbook", version: 1 },
    featureSet: { hash: "none", features: [] },
    attributes: [],
    thresholds: { review, decline: 1 },
    rows: Array.from({ length: size }, (_, row) => ({
      occurredAtMs: times[row] ?? 0,
      vector: new Float32Array(0),
      attributes: [],
      score: scores[row] ?? null,
      outcome: (scores[row] ?? 0) >= review ? ("review" as const) : ("approve" as const),
      fraud: frauds[row] === 1,
    })),
  });
}

function weeksOf(scored: Scored, profile: ReferenceProfile): readonly EstimatedWeek[] {
  const { times, frauds, scores } = scored;
  const random = createRandom(1);
  const { review } = profile.score.thresholds;
  const drifted = frauds.map((fraud, row) => {
    const isNew = fraud === 0 && (scores[row] ?? 0) < review && random.chance(newFraudShare);
    return isNew ? 1 : fraud;
  });
  const fromMs = Math.floor(((times[0] ?? 0) + referenceDays * dayMs) / dayMs) * dayMs;
  const untilMs = (times.at(-1) ?? 0) + 1;
  const truth = countAll(scored, profile, frauds);
  const other = countAll(scored, profile, drifted);
  const weeks = Math.floor((untilMs - fromMs + dayMs / 2) / (7 * dayMs));
  return Array.from({ length: weeks }, (_, week) => {
    const begin = fromMs + 7 * week * dayMs;
    const options = { segment: 0, fromMs: begin, untilMs: begin + 7 * dayMs };
    const window = truth.window(options);
    const estimate = estimatedPerformance(window);
    return {
      from: new Date(begin).toISOString().slice(0, 10),
      estimated: {
        averagePrecision: estimate?.averagePrecision ?? Number.NaN,
        recall: estimate?.recall ?? Number.NaN,
      },
      realised: figuresOf(truth, options),
      drifted: figuresOf(other, options),
    };
  });
}

function figuresOf(
  counters: DriftCounters,
  options: { readonly segment: number; readonly fromMs: number; readonly untilMs: number },
): { readonly averagePrecision: number; readonly recall: number } {
  const { averagePrecision, recall } = realisedPerformance(counters.window(options), { maturity: 1 });
  return { averagePrecision: averagePrecision.value, recall };
}

function countAll({ times, scores }: Scored, profile: ReferenceProfile, frauds: Uint8Array): DriftCounters {
  const counters = createDriftCounters(profile);
  const { review } = profile.score.thresholds;
  times.forEach((occurredAtMs, row) => {
    const score = scores[row] ?? 0;
    const outcome = score >= review ? ("review" as const) : ("approve" as const);
    const common = { occurredAtMs, attributes: [], score, outcome, valueMinor: 0 };
    counters.count({ ...common, vector: new Float32Array(0), rung: "model", statuses: [] }, Infinity);
    if (frauds[row] !== 1) return;
    const label = { labelledAtMs: occurredAtMs, source: "customer", fraud: true, change: "added" } as const;
    counters.countLabel({ ...common, ...label }, Infinity);
  });
  return counters;
}

function errorsOf(weeks: readonly EstimatedWeek[]): Omit<HandbookEstimate, "weeks" | "plotPath"> {
  const mean = (error: (week: EstimatedWeek) => number): number =>
    weeks.reduce((sum, week) => sum + Math.abs(error(week)), 0) / weeks.length;
  return {
    averagePrecisionError: mean((week) => week.estimated.averagePrecision - week.realised.averagePrecision),
    recallError: mean((week) => week.estimated.recall - week.realised.recall),
    driftedAveragePrecisionError: mean(
      (week) => week.estimated.averagePrecision - week.drifted.averagePrecision,
    ),
    driftedRecallError: mean((week) => week.estimated.recall - week.drifted.recall),
  };
}

function plotOf(weeks: readonly EstimatedWeek[]): string {
  return linePlot({
    title: "Average precision by week, Handbook: estimated before labels (CBPE) and realised",
    labels: weeks.map(({ from }) => from),
    lines: [
      { name: "estimated", colour: "#3274d9", values: weeks.map((week) => week.estimated.averagePrecision) },
      { name: "realised", colour: "#299438", values: weeks.map((week) => week.realised.averagePrecision) },
      {
        name: "realised, with a new kind of fraud that scores low",
        colour: "#c4162a",
        values: weeks.map((week) => week.drifted.averagePrecision),
      },
    ],
  });
}

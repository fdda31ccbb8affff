import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetName } from "./evaluation-options.ts";

interface AlertFigures {
  readonly recall: number;
  readonly recallCeiling: number;
  readonly precision: number;
}

/** The part of a scorer's figures that is printed as JSON. */
interface ScorerFigures {
  readonly averagePrecision: number;
  readonly averagePrecisionInterval: readonly [number, number];
  readonly aucRoc: number;
  readonly cardPrecisionTop100?: number;
  readonly cardPrecisionTop100Ceiling?: number;
  readonly atAlertBudget: AlertFigures;
  readonly atOtherBudgets: Readonly<Record<string, AlertFigures>>;
  readonly expectedCalibrationError?: number;
}

interface Evaluation {
  readonly scorers: Readonly<Record<string, ScorerFigures>>;
}

/** Reads `evaluation.json`, whose first scorer is the one that is evaluated, and names its figures. */
export async function readEvaluationFigures(
  folder: string,
  dataset: DatasetName,
): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(join(folder, "evaluation.json"), "utf8");
  const { scorers } = JSON.parse(text) as Evaluation;
  const [main] = Object.values(scorers);
  if (main === undefined) throw new Error(`${folder}/evaluation.json names no scorer`);
  const [low, high] = main.averagePrecisionInterval;
  const figures: Record<string, number | undefined> = {
    averagePrecision: main.averagePrecision,
    averagePrecisionLow: low,
    averagePrecisionHigh: high,
    aucRoc: main.aucRoc,
    cardPrecisionTop100: main.cardPrecisionTop100,
    cardPrecisionTop100Ceiling: main.cardPrecisionTop100Ceiling,
    recallAtHalfPercent: main.atOtherBudgets["0.005"]?.recall,
    recallAtAlertBudget: main.atAlertBudget.recall,
    foundShareOfPossible: main.atAlertBudget.recall / main.atAlertBudget.recallCeiling,
    expectedCalibrationError: main.expectedCalibrationError,
    ...besides(scorers, dataset),
  };
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Reads `shares.json`, whose first entry is the best. */
export async function readBestShares(folder: string): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(join(folder, "shares.json"), "utf8");
  const [best] = JSON.parse(text) as readonly Readonly<Record<string, number>>[];
  if (best === undefined) throw new Error(`${folder}/shares.json names no shares`);
  return best;
}

function besides(
  scorers: Evaluation["scorers"],
  dataset: DatasetName,
): Readonly<Record<string, number | undefined>> {
  if (dataset === "handbook") {
    return {
      wholeHistoryAveragePrecision: scorers["trees, whole history"]?.averagePrecision,
      simpleModelAveragePrecision: scorers["simple model, 7 days"]?.averagePrecision,
    };
  }
  return {
    simpleModelAveragePrecision: scorers["simple model"]?.averagePrecision,
    simpleModelRecallAtAlertBudget: scorers["simple model"]?.atAlertBudget.recall,
    neuralAveragePrecision: scorers["neural"]?.averagePrecision,
    neuralRecallAtAlertBudget: scorers["neural"]?.atAlertBudget.recall,
    rulesRecallAtAlertBudget: scorers["rules"]?.atAlertBudget.recall,
  };
}

import { z } from "zod";
import { ModelRegistryError } from "./errors.ts";

/** What a model card takes from `evaluation.json`; the rest of that file is passed over. */
export interface EvaluationSummary {
  readonly window?: Readonly<Record<string, string | number>> | undefined;
  readonly alertBudgetShare?: number | undefined;
  /** Each scorer that was judged on the same rows: the model, the simple one, the rules, the champion. */
  readonly scorers: Readonly<Record<string, ScorerSummary>>;
  readonly importance?: Readonly<Record<string, number>> | undefined;
  readonly notes?: readonly string[] | undefined;
}

export interface ScorerSummary {
  readonly averagePrecision?: number | undefined;
  readonly averagePrecisionInterval?: readonly [number, number] | undefined;
  readonly aucRoc?: number | undefined;
  readonly aucRocInterval?: readonly [number, number] | undefined;
  readonly atAlertBudget?:
    | {
        readonly recall?: number | undefined;
        readonly precision?: number | undefined;
        readonly valueDetectionRate?: number | undefined;
      }
    | undefined;
  readonly expectedCalibrationError?: number | undefined;
  readonly costPerThousand?: number | undefined;
}

const figure = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const interval = z
  .tuple([z.number(), z.number()])
  .nullish()
  .transform((value) => value ?? undefined);

const scorerSchema = z.object({
  averagePrecision: figure,
  averagePrecisionInterval: interval,
  aucRoc: figure,
  aucRocInterval: interval,
  atAlertBudget: z.object({ recall: figure, precision: figure, valueDetectionRate: figure }).optional(),
  expectedCalibrationError: figure,
  costPerThousand: figure,
});

const evaluationSchema = z.object({
  window: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  alertBudgetShare: figure,
  scorers: z.record(z.string(), scorerSchema),
  importance: z.record(z.string(), z.number()).optional(),
  notes: z.array(z.string()).optional(),
});

/** Throws MODEL_MANIFEST_INVALID for a file that is no evaluation. */
export function readEvaluation(content: Uint8Array): EvaluationSummary {
  try {
    return evaluationSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content)));
  } catch (error) {
    throw new ModelRegistryError("MODEL_MANIFEST_INVALID", "evaluation.json is no evaluation", error);
  }
}

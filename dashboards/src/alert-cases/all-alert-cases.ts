import type { AlertCase } from "./alert-case.ts";
import { decisionCases } from "./decision-cases.ts";
import { featureCases } from "./feature-cases.ts";
import { modelCases } from "./model-cases.ts";
import { processCases } from "./process-cases.ts";
import { serviceLevelCases } from "./service-level-cases.ts";
import { streamCases } from "./stream-cases.ts";

/** The cases of every alert, in the order of the rules. */
export const alertCases: readonly AlertCase[] = [
  ...serviceLevelCases,
  ...decisionCases,
  ...featureCases,
  ...modelCases,
  ...streamCases,
  ...processCases,
];

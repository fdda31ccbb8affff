import { relative } from "node:path";
import { tableLines } from "@tollgate/runtime";
import type { HandbookEstimate } from "./estimate-handbook.ts";

/** The weeks as a table, the mean errors, and where the plot is. */
export function estimateLines(estimate: HandbookEstimate): readonly string[] {
  const share = (value: number): string => value.toFixed(3);
  const rows = estimate.weeks.map(({ from, estimated, realised, drifted }) => [
    from,
    share(estimated.averagePrecision),
    share(realised.averagePrecision),
    share(drifted.averagePrecision),
    share(estimated.recall),
    share(realised.recall),
    share(drifted.recall),
  ]);
  const header = [
    "week from",
    "AP estimated",
    "realised",
    "new fraud",
    "recall estimated",
    "realised",
    "new fraud",
  ];
  return [
    ...tableLines(header, rows),
    `mean absolute error: AP ${share(estimate.averagePrecisionError)}, ` +
      `recall ${share(estimate.recallError)}; ` +
      `with a new kind of fraud AP ${share(estimate.driftedAveragePrecisionError)}, ` +
      `recall ${share(estimate.driftedRecallError)}`,
    `plot: ${relative(process.cwd(), estimate.plotPath)}`,
  ];
}

export function estimateFigures(estimate: HandbookEstimate): Readonly<Record<string, number>> {
  const { averagePrecisionError, recallError, driftedAveragePrecisionError, driftedRecallError } = estimate;
  return { averagePrecisionError, recallError, driftedAveragePrecisionError, driftedRecallError };
}

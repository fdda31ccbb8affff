import type { DriftMeasureName } from "../drift/drift-measure.ts";
import { StatisticsError } from "../errors.ts";
import { analyticNull } from "./analytic-null.ts";
import { bootstrapNullTables, type BootstrapNullOptions } from "./bootstrap-null-tables.ts";
import type { NullDistribution } from "./null-law.ts";
import { nullOfTable } from "./null-table.ts";

export interface NullOptions extends Omit<BootstrapNullOptions, "measures" | "windowSizes"> {
  readonly windowSize: number;
}

/**
 * How `measure` is distributed when `windowSize` draws come from the reference itself: the analytic law where
 * one is known and holds, else a bootstrap of this size. Many windows of many sizes against one reference are
 * served sooner by `bootstrapNullTables` once and `nullOfTable` for each.
 */
export function nullDistribution(
  measure: DriftMeasureName,
  { windowSize, ...options }: NullOptions,
): NullDistribution {
  const analytic = analyticNull(measure, { reference: options.reference, windowSize });
  if (analytic !== undefined) return analytic;
  const [table] = bootstrapNullTables({ ...options, measures: [measure], windowSizes: [windowSize] });
  if (table === undefined) throw new StatisticsError("TOO_FEW_VALUES", "no null was drawn");
  return nullOfTable(table, windowSize);
}

import { scrapeJob, scrapeMetrics } from "../metrics/process-metrics.ts";
import { select, selector } from "../metrics/select.ts";
import type { Promises } from "../alerts/alert.ts";
import type { DashboardDefinition } from "./panel.ts";

/** What a person chooses at the top of a dashboard: one value, several, or all. Queries say `=~"$name"`. */
export interface DashboardVariable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Its values are those of the label of this name in these series; else they are known. */
  readonly source: { readonly series: string } | { readonly values: readonly string[] };
}

/** Every variable there is. */
export function allVariables(promises: Promises): readonly DashboardVariable[] {
  return [
    {
      name: "engagement",
      label: "Engagement",
      description: "Whose alerts are shown.",
      // A name that fires nothing has no series: the values are those that this set is made for.
      source: { values: [promises.name] },
    },
    {
      name: "model",
      label: "Model",
      description: "One model, several, or all.",
      source: { series: select("modelInfo") },
    },
    {
      name: "version",
      label: "Version",
      description: "Versions of the model, to be seen beside each other.",
      source: { series: select("modelInfo") },
    },
    {
      name: "segment",
      label: "Segment",
      description: "Values of the attributes that the engagement compares; `all` is everybody.",
      source: { series: select("fraudValue") },
    },
    {
      name: "instance",
      label: "Process",
      description: "One process, several, or all.",
      source: { series: selector(scrapeMetrics.up, { job: scrapeJob }) },
    },
  ];
}

/** Those that a dashboard's queries use: one that changes nothing is not offered. */
export function variablesOf({ rows }: DashboardDefinition, promises: Promises): readonly DashboardVariable[] {
  const queries = rows.flatMap((row) => row.panels.flatMap((panel) => panel.queries));
  return allVariables(promises).filter(({ name }) =>
    queries.some(({ expression }) => expression.includes(`"$${name}"`)),
  );
}

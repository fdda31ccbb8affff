/** Grafana's names of units. `cps`, `reqps`, `recps`: things, requests, records a second. */
export type Unit = "short" | "s" | "percentunit" | "cps" | "reqps" | "recps" | "bytes" | "dtdurations" | "x";

export interface PanelQuery {
  /** PromQL; may use the variables of `allVariables`, `$__rate_interval` and `$__range`. */
  readonly expression: string;
  /** Name of its series; `{{label}}` where the query gives several. */
  readonly legend: string;
}

/** One picture of a dashboard, however it is drawn. */
export interface Panel {
  readonly title: string;
  /** What it shows and what to make of it, for whoever sees it for the first time. */
  readonly description: string;
  readonly kind: "lines" | "stacked" | "number" | "heatmap";
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  /** Columns of 24. */
  readonly width: 3 | 4 | 6 | 8 | 12 | 24;
  /** From where on a value is to be looked at, and is bad; drawn as lines. */
  readonly thresholds?: { readonly warn?: number; readonly bad?: number };
  /** The value below which it is bad, instead. */
  readonly badBelow?: number;
  readonly decimals?: number;
  /** Alerts that watch the same: their runbooks are linked. */
  readonly alerts?: readonly string[];
}

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A dashboard before anything draws it. */
export interface DashboardDefinition {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly PanelRow[];
}

/** One query for each value of a closed label: each has its own name and colour. */
export function byValue<const V extends string>(
  values: readonly V[],
  expression: (value: V) => string,
): readonly PanelQuery[] {
  return values.map((value) => ({ legend: value, expression: expression(value) }));
}

/** The names of a panel's series, as far as they are known before there is data. */
export function namesOf({ queries }: Panel): readonly string[] {
  return queries.map(({ legend }) => legend).filter((legend) => !legend.includes("{{"));
}

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { runbookOf } from "../alerts/alert.ts";
import { coloursOf } from "../panels/palette.ts";
import { namesOf, type Panel, type PanelQuery } from "../panels/panel.ts";
import type { Place } from "../panels/place-panels.ts";
import { stepsOf } from "../panels/threshold-steps.ts";

/** The data source that the variable at the top of the dashboard names. */
export const dataSource = { type: "prometheus", uid: "${datasource}" } as const;

export interface GrafanaPanelOptions {
  readonly id: number;
  readonly place: Place;
  /** Where the runbooks are read. */
  readonly runbooksUrl: string;
}

/** A panel as Grafana reads it. */
export function grafanaPanel(panel: Panel, options: GrafanaPanelOptions): Builder<dashboard.Panel> {
  const builder = kindOf(panel)
    .id(options.id)
    .title(panel.title)
    .description(panel.description)
    .unit(panel.unit)
    .datasource(dataSource)
    .gridPos(options.place)
    .targets(panel.queries.map((query, index) => target(query, { panel, index })))
    .links((panel.alerts ?? []).map((alert) => runbookLink(alert, options.runbooksUrl)));
  return panel.decimals === undefined ? builder : builder.decimals(panel.decimals);
}

function kindOf(panel: Panel): timeseries.PanelBuilder | stat.PanelBuilder | heatmap.PanelBuilder {
  switch (panel.kind) {
    case "lines":
    case "stacked":
      return linesPanel(panel);
    case "number":
      return new stat.PanelBuilder()
        .colorMode(common.BigValueColorMode.Value)
        .graphMode(common.BigValueGraphMode.Area)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
        .thresholds(thresholds(panel));
    case "heatmap":
      return new heatmap.PanelBuilder()
        .calculate(false)
        .color(
          new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme("Viridis"),
        )
        .yAxis(new heatmap.YAxisConfigBuilder().unit(panel.unit))
        .cellGap(1);
    default:
      return panel.kind satisfies never;
  }
}

function linesPanel(panel: Panel): timeseries.PanelBuilder {
  const stacked = panel.kind === "stacked";
  const builder = new timeseries.PanelBuilder()
    .lineWidth(stacked ? 1 : 2)
    .fillOpacity(stacked ? 60 : 8)
    .showPoints(common.VisibilityMode.Never)
    .axisSoftMin(0)
    .legend(
      // A table with values: nobody needs to tell lines apart by their colour alone.
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .thresholds(thresholds(panel));
  if (stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (panel.thresholds !== undefined) {
    const lines = new common.GraphThresholdsStyleConfigBuilder();
    builder.thresholdsStyle(lines.mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [legend, fixedColor] of Object.entries(coloursOf(namesOf(panel)))) {
    builder.overrideByName(legend, [{ id: "color", value: { mode: "fixed", fixedColor } }]);
  }
  return builder;
}

function thresholds(panel: Panel): Builder<dashboard.ThresholdsConfig> {
  const steps = stepsOf(panel).map(({ from, colour }) => ({ value: from, color: colour }));
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps);
}

function target(
  query: PanelQuery,
  { panel, index }: { readonly panel: Panel; readonly index: number },
): Builder<prometheus.Dataquery> {
  const builder = new prometheus.DataqueryBuilder()
    .refId("ABCDEFGHIJKLMNOP".charAt(index))
    .expr(query.expression)
    .legendFormat(query.legend)
    .datasource(dataSource);
  const shown = panel.kind === "number" ? builder.instant() : builder.range();
  return panel.kind === "heatmap" ? shown.format(prometheus.PromQueryFormat.Heatmap) : shown;
}

function runbookLink(alert: string, runbooksUrl: string): Builder<dashboard.DashboardLink> {
  return new dashboard.DashboardLinkBuilder(`Runbook: ${alert}`)
    .url(`${runbooksUrl}/${runbookOf(alert)}.md`)
    .targetBlank(true);
}

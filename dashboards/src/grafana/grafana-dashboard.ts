import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { selector } from "../metrics/select.ts";
import { scrapeJob, scrapeMetrics } from "../metrics/process-metrics.ts";
import type { DashboardDefinition } from "../panels/panel.ts";
import { placePanels } from "../panels/place-panels.ts";
import { dataSource, grafanaPanel } from "./grafana-panel.ts";

export interface GrafanaDashboardOptions {
  readonly engagement: string;
  readonly runbooksUrl: string;
}

const tag = "tollgate";

/** A dashboard as Grafana imports it: variables, rows, panels, links to the others. */
export function grafanaDashboard(
  definition: DashboardDefinition,
  { engagement, runbooksUrl }: GrafanaDashboardOptions,
): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(`Tollgate / ${definition.title}`)
    .uid(definition.uid)
    .description(definition.description)
    .tags([tag, engagement])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: "now-1h", to: "now" })
    .refresh("10s")
    .variables(variables(engagement))
    .link(
      new dashboard.DashboardLinkBuilder("Tollgate")
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    );
  let id = 0;
  for (const row of placePanels(definition.rows)) {
    id += 1;
    const gridPos = { x: 0, y: row.y, w: 24, h: 1 };
    builder.withRow(new dashboard.RowBuilder(row.title).id(id).gridPos(gridPos));
    for (const { panel, place } of row.panels) {
      id += 1;
      builder.withPanel(grafanaPanel(panel, { id, place, runbooksUrl }));
    }
  }
  return builder.build();
}

function variables(engagement: string): InstanceType<typeof dashboard.QueryVariableBuilder>[] {
  const all = { selected: true, text: "All", value: "$__all" };
  const list = [
    new dashboard.DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"),
    new dashboard.ConstantVariableBuilder("engagement").label("Engagement").value(engagement),
    new dashboard.QueryVariableBuilder("instance")
      .label("Process")
      .description("One process, several, or all.")
      .datasource(dataSource)
      .query(`label_values(${selector(scrapeMetrics.up, { job: scrapeJob })}, instance)`)
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current(all),
  ];
  return list as InstanceType<typeof dashboard.QueryVariableBuilder>[];
}

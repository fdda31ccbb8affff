import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import type { Promises } from "../alerts/alert.ts";
import { marks, type Mark } from "../panels/marks.ts";
import type { DashboardDefinition } from "../panels/panel.ts";
import { placePanels } from "../panels/place-panels.ts";
import { variablesOf, type DashboardVariable } from "../panels/variables.ts";
import { dataSource, grafanaPanel } from "./grafana-panel.ts";

export interface GrafanaDashboardOptions {
  readonly promises: Promises;
  readonly runbooksUrl: string;
}

const tag = "tollgate";

/** A dashboard as Grafana imports it: variables, rows, panels, links to the others. */
export function grafanaDashboard(
  definition: DashboardDefinition,
  { promises, runbooksUrl }: GrafanaDashboardOptions,
): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(`Tollgate / ${definition.title}`)
    .uid(definition.uid)
    .description(definition.description)
    .tags([tag, promises.name])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: "now-1h", to: "now" })
    .refresh("10s")
    .variables([
      new dashboard.DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"),
      ...variablesOf(definition, promises).map(grafanaVariable),
    ])
    .annotations(marks.map(annotation))
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

type Variable = InstanceType<typeof dashboard.QueryVariableBuilder>;

function grafanaVariable(variable: DashboardVariable): Variable {
  const all = { selected: true, text: "All", value: "$__all" };
  const { name, label, description, source } = variable;
  const builder =
    "values" in source
      ? new dashboard.CustomVariableBuilder(name).values(source.values.join(","))
      : new dashboard.QueryVariableBuilder(name)
          .datasource(dataSource)
          .query(`label_values(${source.series}, ${name})`)
          .refresh(dashboard.VariableRefresh.OnTimeRangeChanged);
  const named = builder.label(label).description(description);
  return named.multi(true).includeAll(true).allValue(".*").current(all) as Variable;
}

function annotation({ name, expression, text, colour }: Mark): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSource)
    .enable(true)
    .iconColor(colour)
    .expr(expression)
    .step("30s")
    .titleFormat(name)
    .textFormat(text);
}

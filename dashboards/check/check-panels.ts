import type { DashboardDefinition, PanelQuery } from "../src/panels/panel.ts";
import { marks } from "../src/panels/marks.ts";
import type { Exception } from "./exceptions.ts";
import { queryPrometheus, type QueryResult } from "./query-prometheus.ts";

export interface CheckedQuery {
  readonly query: PanelQuery;
  readonly result: QueryResult;
  /** Why it may have no data. */
  readonly exception: Pick<Exception, "reason"> | undefined;
}

export interface CheckedPanel {
  readonly dashboard: string;
  readonly title: string;
  readonly queries: readonly CheckedQuery[];
}

/** Runs every query of every panel once. */
export async function checkPanels(
  dashboards: readonly DashboardDefinition[],
  source: { readonly url: string; readonly exceptions: readonly Exception[] },
): Promise<readonly CheckedPanel[]> {
  const panels = dashboards.flatMap((dashboard) =>
    dashboard.rows.flatMap((row) => row.panels.map((panel) => ({ dashboard: dashboard.uid, panel }))),
  );
  return Promise.all(
    panels.map(async ({ dashboard, panel: { title, queries } }) => ({
      dashboard,
      title,
      queries: await Promise.all(
        queries.map(async (query) => ({
          query,
          result: await queryPrometheus(source.url, query.expression),
          exception: source.exceptions.find(
            (one) => one.dashboard === dashboard && one.panel === title && one.query === query.legend,
          ),
        })),
      ),
    })),
  );
}

/** The marks on every dashboard's pictures, as a panel of their own: they must parse, and may be empty. */
export async function checkMarks(source: { readonly url: string }): Promise<CheckedPanel> {
  const exception = { reason: "a mark has data only while something happens" };
  const queries = await Promise.all(
    marks.map(async ({ name, expression }) => ({
      query: { legend: name, expression },
      result: await queryPrometheus(source.url, expression),
      exception,
    })),
  );
  return { dashboard: "all", title: "Marks", queries };
}

/** Every query parses, and has data or a reason for having none. */
export function isComplete(panel: CheckedPanel): boolean {
  return panel.queries.every(
    ({ result, exception }) =>
      result.state === "data" || (result.state === "empty" && exception !== undefined),
  );
}

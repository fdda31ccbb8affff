import { runbookOf, type Promises } from "../alerts/alert.ts";
import { allDashboards } from "../dashboards/all-dashboards.ts";
import { coloursOf, seriesColours } from "../panels/palette.ts";
import { namesOf, type Panel } from "../panels/panel.ts";
import { marks, type Mark } from "../panels/marks.ts";
import { placePanels, type Place } from "../panels/place-panels.ts";
import { variablesOf, type DashboardVariable } from "../panels/variables.ts";
import { stepsOf, type ThresholdStep } from "../panels/threshold-steps.ts";

/** A panel with all that the page needs to draw it. */
export interface PagePanel extends Panel {
  readonly place: Place;
  readonly steps: readonly ThresholdStep[];
  readonly runbooks: readonly { readonly name: string; readonly url: string }[];
  /** Colours of the series whose names are known; the others take the palette's, in its order. */
  readonly colours: Readonly<Record<string, string>>;
  readonly palette: readonly string[];
}

export interface PageDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly DashboardVariable[];
  readonly marks: readonly Mark[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PagePanel[] }[];
}

/** The same dashboards that Grafana gets, for the built-in page. */
export function pageDashboards(promises: Promises): readonly PageDashboard[] {
  return allDashboards(promises).map((definition) => {
    const { uid, title, description, rows } = definition;
    return {
      uid,
      title,
      description,
      variables: variablesOf(definition, promises),
      marks,
      rows: placePanels(rows).map((row) => ({
        title: row.title,
        panels: row.panels.map(({ panel, place }) => ({
          ...panel,
          place,
          steps: stepsOf(panel),
          runbooks: (panel.alerts ?? []).map((name) => ({ name, url: `/runbooks/${runbookOf(name)}.md` })),
          colours: coloursOf(namesOf(panel)),
          palette: seriesColours,
        })),
      })),
    };
  });
}

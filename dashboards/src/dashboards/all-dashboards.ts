import type { Promises } from "../alerts/alert.ts";
import type { DashboardDefinition } from "../panels/panel.ts";
import { drift } from "./drift.ts";
import { features } from "./features.ts";
import { fraudAndMoney } from "./fraud-and-money.ts";
import { infrastructure } from "./infrastructure.ts";
import { models } from "./models.ts";
import { overview } from "./overview.ts";
import { scoring } from "./scoring.ts";
import { stream } from "./stream.ts";

/** Every dashboard of an engagement, in the order of the menu. */
export function allDashboards(promises: Promises): readonly DashboardDefinition[] {
  return [
    overview(promises),
    scoring(promises),
    features(promises),
    stream(),
    models(),
    drift(),
    fraudAndMoney(promises),
    infrastructure(promises),
  ];
}

import type { Alert, Promises } from "./alert.ts";
import { decisionAlerts } from "./decision-alerts.ts";
import { featureAlerts } from "./feature-alerts.ts";
import { modelAlerts } from "./model-alerts.ts";
import { processAlerts } from "./process-alerts.ts";
import { requestAlerts } from "./request-alerts.ts";
import { serviceLevelAlerts } from "./service-level-alerts.ts";
import { serviceLevelRecordings, type RecordingRule } from "./service-level-indicators.ts";
import { streamAlerts, streamRecordings } from "./stream-alerts.ts";

export interface AlertGroup {
  readonly name: string;
  readonly recordings: readonly RecordingRule[];
  readonly alerts: readonly Alert[];
}

/** Every rule of an engagement, in the groups that Prometheus evaluates one after the other. */
export function alertGroups(promises: Promises): readonly AlertGroup[] {
  return [
    {
      name: "service-levels",
      recordings: serviceLevelRecordings(promises),
      alerts: serviceLevelAlerts(promises),
    },
    { name: "requests", recordings: [], alerts: requestAlerts() },
    { name: "decisions", recordings: [], alerts: decisionAlerts(promises) },
    { name: "features", recordings: [], alerts: featureAlerts(promises) },
    { name: "models", recordings: [], alerts: modelAlerts() },
    { name: "stream", recordings: streamRecordings, alerts: streamAlerts(promises) },
    { name: "processes", recordings: [], alerts: processAlerts(promises) },
  ];
}

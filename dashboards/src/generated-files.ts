import { fileURLToPath } from "node:url";
import { alertmanagerConfiguration } from "./alerts/alertmanager-configuration.ts";
import type { Promises } from "./alerts/alert.ts";
import { ruleFile } from "./alerts/rule-file.ts";
import { grafanaFiles } from "./grafana/provisioning.ts";
import { alertsPage } from "./reference/alerts-page.ts";
import { logEventsPage } from "./reference/log-events-page.ts";
import { metricsPage } from "./reference/metrics-page.ts";
import { spansPage } from "./reference/spans-page.ts";
import { localAddresses, type Addresses } from "./settings.ts";

/** The repository's root, with a slash at its end. */
export const repositoryFolder: string = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of what is generated for the local stack and committed. */
export const committedFolder = "dashboards/generated";

/** Path below the output folder → text: what Prometheus, Alertmanager and Grafana are given. */
export function deploymentFiles(promises: Promises, addresses: Addresses): ReadonlyMap<string, string> {
  return new Map([
    ["prometheus/tollgate.rules.yml", ruleFile({ promises, ...addresses })],
    ["alertmanager/alertmanager.yml", alertmanagerConfiguration(addresses)],
    ...grafanaFiles(promises, addresses),
  ]);
}

/** Every generated file of the repository: path from its root → text. */
export function committedFiles(promises: Promises): ReadonlyMap<string, string> {
  const files = [...deploymentFiles(promises, localAddresses)];
  return new Map([
    ["docs/reference/metrics.md", metricsPage()],
    ["docs/reference/spans.md", spansPage()],
    ["docs/reference/log-events.md", logEventsPage()],
    ["docs/reference/alerts.md", alertsPage(promises)],
    ...files.map(([path, text]) => [`${committedFolder}/${path}`, text] as const),
  ]);
}

import type { Promises } from "../alerts/alert.ts";
import { allDashboards } from "../dashboards/all-dashboards.ts";
import { jsonText } from "../files/json-text.ts";
import { yamlText } from "../files/yaml-text.ts";
import type { Addresses } from "../settings.ts";
import { grafanaDashboard } from "./grafana-dashboard.ts";

/** Path → text of all that Grafana is started with: mount the folder as `/etc/grafana/tollgate`. */
export function grafanaFiles(promises: Promises, addresses: Addresses): ReadonlyMap<string, string> {
  const { runbooksUrl, prometheusUrl } = addresses;
  const dashboards = allDashboards(promises).map((definition) => {
    const text = jsonText(grafanaDashboard(definition, { promises, runbooksUrl }));
    return [`grafana/dashboards/${definition.uid}.json`, text] as const;
  });
  return new Map([
    ...dashboards,
    ["grafana/provisioning/datasources/tollgate.yml", dataSources(prometheusUrl)],
    ["grafana/provisioning/dashboards/tollgate.yml", dashboardProviders()],
  ]);
}

function dataSources(url: string): string {
  const source = { name: "Prometheus", uid: "tollgate", type: "prometheus", access: "proxy", url };
  return yamlText({
    apiVersion: 1,
    // Grafana's $__rate_interval is four times this: what Prometheus is scraped at.
    datasources: [{ ...source, isDefault: true, jsonData: { timeInterval: "5s", httpMethod: "POST" } }],
  });
}

function dashboardProviders(): string {
  return yamlText({
    apiVersion: 1,
    providers: [
      {
        name: "tollgate",
        folder: "Tollgate",
        type: "file",
        allowUiUpdates: false,
        options: { path: "/etc/grafana/tollgate/dashboards" },
      },
    ],
  });
}

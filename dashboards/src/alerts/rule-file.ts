import { yamlText, type YamlValue } from "../files/yaml-text.ts";
import { runbookOf, type Alert, type Promises } from "./alert.ts";
import { alertGroups } from "./all-alerts.ts";

export interface RuleFileOptions {
  readonly promises: Promises;
  /** Where Grafana answers: "https://grafana.example". */
  readonly grafanaUrl: string;
  /** Where the folder of runbooks is read. */
  readonly runbooksUrl: string;
  /** How often the rules are evaluated; Prometheus' own setting when absent. */
  readonly interval?: string;
}

/** The rule file of an engagement, as Prometheus reads it. */
export function ruleFile(options: RuleFileOptions): string {
  const groups = alertGroups(options.promises).map(({ name, recordings, alerts }) => ({
    name: `tollgate-${name}`,
    interval: options.interval,
    rules: [
      ...recordings.map(({ record, expression }) => ({ record, expr: expression })),
      ...alerts.map((alert) => alertRule(alert, options)),
    ],
  }));
  return yamlText({ groups });
}

function alertRule(alert: Alert, options: RuleFileOptions): YamlValue {
  return {
    alert: alert.name,
    expr: alert.expression,
    for: alert.holdsFor,
    labels: alertLabels(alert, options.promises),
    annotations: { summary: alert.summary, ...fixedAnnotations(alert, options) },
  };
}

export function alertLabels(alert: Alert, promises: Promises): Readonly<Record<string, string>> {
  return { severity: alert.severity, engagement: promises.name, ...alert.labels };
}

/** All annotations but the summary, which holds the value of the moment. */
export function fixedAnnotations(
  alert: Alert,
  options: Pick<RuleFileOptions, "grafanaUrl" | "runbooksUrl">,
): Readonly<Record<"description" | "dashboard" | "runbook_url", string>> {
  return {
    description: alert.impact,
    dashboard: `${options.grafanaUrl}/d/${alert.dashboard}`,
    runbook_url: `${options.runbooksUrl}/${runbookOf(alert.name)}.md`,
  };
}

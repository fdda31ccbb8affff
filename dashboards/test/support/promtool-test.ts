import type { AlertCase, Moment } from "../../src/alert-cases/alert-case.ts";
import { fixedAnnotations, alertLabels } from "../../src/alerts/rule-file.ts";
import type { Alert, Promises } from "../../src/alerts/alert.ts";
import { yamlText } from "../../src/files/yaml-text.ts";
import { localAddresses } from "../../src/settings.ts";

/** The text of a file for `promtool test rules`. */
export function promtoolTest(
  { firing, quiet, interval = "1m" }: AlertCase,
  context: { readonly alert: Alert; readonly promises: Promises; readonly ruleFile: string },
): string {
  const { alert, promises } = context;
  const expected = {
    exp_labels: { ...alertLabels(alert, promises), ...firing.labels },
    exp_annotations: { summary: firing.summary, ...fixedAnnotations(alert, localAddresses) },
  };
  return yamlText({
    rule_files: [context.ruleFile],
    evaluation_interval: interval,
    tests: [
      { interval, ...momentTest(firing, alert, [expected]) },
      ...quiet.map((moment) => ({ interval, ...momentTest(moment, alert, []) })),
    ],
  });
}

function momentTest(
  moment: Moment,
  alert: Alert,
  expected: readonly Readonly<Record<string, Readonly<Record<string, string>>>>[],
): Readonly<Record<string, Parameters<typeof yamlText>[0]>> {
  return {
    input_series: Object.entries(moment.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: [{ eval_time: moment.at, alertname: alert.name, exp_alerts: expected }],
  };
}

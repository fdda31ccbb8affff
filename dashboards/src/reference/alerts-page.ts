import { alertGroups } from "../alerts/all-alerts.ts";
import { runbookOf, type Alert, type Promises } from "../alerts/alert.ts";

/** The reference page of every alert of an engagement, made from the rules. */
export function alertsPage(promises: Promises): string {
  const groups = alertGroups(promises);
  return [
    "# Alerts",
    "",
    `Made from \`dashboards/src/alerts\` by \`npm run dashboards\`, for the engagement \`${promises.name}\`;`,
    "a test holds this page to it. Thresholds that are promises come from the engagement's `service` and",
    "`policy`, the others from `dashboards/src/alerts/limits.ts`, each with its reason. A page wakes",
    "somebody, a ticket waits for the day.",
    "",
    "`dashboards/test/alert-rules.integration.test.ts` runs every alert with promtool: firing, with its",
    "labels and the value in its summary, and at least once quiet.",
    ...groups.flatMap(({ name, alerts }) => [
      "",
      `## ${name}`,
      "",
      "| alert | severity | when, for how long | what it means |",
      "|---|---|---|---|",
      ...alerts.map(alertRow),
    ]),
    "",
  ].join("\n");
}

function alertRow({ name, severity, expression, holdsFor, impact }: Alert): string {
  const when = `\`${expression.replaceAll("\n", " ").replaceAll("|", "\\|")}\`, ${holdsFor}`;
  return `| [${name}](../runbooks/${runbookOf(name)}.md) | ${severity} | ${when} | ${impact} |`;
}

import { alertCases } from "../alert-cases/all-alert-cases.ts";
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
    `${groups.flatMap(({ alerts }) => alerts).length} alerts;`,
    "[the cases in which each fires and keeps quiet](#tests) stand at the end.",
    ...groups.flatMap(({ name, alerts }) => [
      "",
      `## ${name}`,
      "",
      "| alert | severity | when, for how long | what it means |",
      "|---|---|---|---|",
      ...alerts.map(alertRow),
    ]),
    ...testsTable(),
    "",
  ].join("\n");
}

function alertRow({ name, severity, expression, holdsFor, impact }: Alert): string {
  const when = `\`${expression.replaceAll("\n", " ").replaceAll("|", "\\|")}\`, ${holdsFor}`;
  return `| [${name}](../runbooks/${runbookOf(name)}.md) | ${severity} | ${when} | ${impact} |`;
}

function testsTable(): readonly string[] {
  const quiet = alertCases.reduce((count, one) => count + one.quiet.length, 0);
  return [
    "",
    "## Tests",
    "",
    `${alertCases.length} cases that fire, with labels and summary, and ${quiet} that keep quiet: the series`,
    "are in `dashboards/src/alert-cases`, and `dashboards/test/alert-rules.integration.test.ts` has",
    "promtool run them.",
    "One, LedgerRecordsUnreadable, also goes all the way from a real fault through Prometheus and",
    "Alertmanager to a webhook: `dashboards/test/alert-path.integration.test.ts`.",
    "",
    "| alert | fires, and says | keeps quiet when |",
    "|---|---|---|",
    ...alertCases.map(
      (one) =>
        `| ${one.alert} | ${one.firing.summary} | ${one.quiet.map(({ because }) => because).join("; ")} |`,
    ),
  ];
}

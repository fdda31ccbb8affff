/** `npm run dashboards:check`: every query of every panel, against the Prometheus of a running demo. */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { repositoryRoot, StackError } from "@tollgate/local-stack";
import { figuresReport, tableLines } from "@tollgate/runtime";
import { allDashboards } from "../src/dashboards/all-dashboards.ts";
import { checkMarks, checkPanels, isComplete, type CheckedPanel } from "./check-panels.ts";
import { demoPrometheus, type DemoPrometheus } from "./demo-prometheus.ts";
import { exceptions, missingExporters } from "./exceptions.ts";
import { checkLimits } from "./limits.ts";

const usage = `usage: npm run dashboards:check -- [--prometheus URL] [--json]
  attaches to a running demo, or starts one and stops it; --prometheus names another Prometheus`;

// Whoever ends this ends the demo that it started.
const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
process.on("SIGTERM", () => interruption.abort());

try {
  process.exitCode = await check(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof StackError || error instanceof TypeError || interruption.signal.aborted;
  console.error(explained ? (error as Error).message : error);
  process.exitCode = 1;
}

async function check(commandLine: string[]): Promise<number> {
  const options = {
    prometheus: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ args: commandLine, options });
  if (values.help === true) {
    console.info(usage);
    return 0;
  }
  const prometheus = await prometheusOf(values.prometheus);
  try {
    console.info(`Prometheus: ${prometheus.url}`);
    return report(await untilComplete(prometheus.url), values.json === true);
  } finally {
    await prometheus.stop();
  }
}

function prometheusOf(url: string | undefined): Promise<DemoPrometheus> {
  if (url === undefined) return demoPrometheus((line) => console.info(line), interruption.signal);
  return Promise.resolve({ url, fresh: false, stop: () => Promise.resolve() });
}

/** A demo that has just started has no rates yet: asks until every panel has data, or the time is over. */
async function untilComplete(url: string): Promise<readonly CheckedPanel[]> {
  const endMs = performance.now() + checkLimits.dataMs;
  for (;;) {
    const excused = [...exceptions, ...(await missingExporters(url))];
    const panels = [
      ...(await checkPanels(allDashboards(engagement), { url, exceptions: excused })),
      await checkMarks({ url }),
    ];
    if (panels.every(isComplete) || performance.now() > endMs) return panels;
    await delay(checkLimits.lookMs, undefined, { signal: interruption.signal });
  }
}

function report(panels: readonly CheckedPanel[], json: boolean): number {
  const queries = panels.flatMap((panel) => panel.queries.map((query) => ({ panel, ...query })));
  const rows = panels.map((panel) => [
    panel.dashboard,
    panel.title,
    String(panel.queries.length),
    String(panel.queries.reduce((sum, { result }) => sum + (result.state === "data" ? result.series : 0), 0)),
    isComplete(panel) ? "ok" : "NO DATA",
  ]);
  console.info(tableLines(["dashboard", "panel", "queries", "series", ""], rows).join("\n"));
  for (const { panel, query, result, exception } of queries) {
    if (result.state === "data") continue;
    const reason = result.state === "failed" ? result.reason : (exception?.reason ?? "no data");
    const mark = result.state === "empty" && exception !== undefined ? "exception" : "FAULT";
    console.info(`${mark}: ${panel.dashboard}, ${panel.title}, ${query.legend}: ${reason}`);
  }
  const figures = {
    panels: panels.length,
    queries: queries.length,
    panelsWithoutData: panels.filter((panel) => !isComplete(panel)).length,
    queriesFailed: queries.filter(({ result }) => result.state === "failed").length,
    queriesExcepted: queries.filter(({ result, exception }) => result.state === "empty" && exception).length,
  };
  const passed = figures.panelsWithoutData === 0;
  const { panelsWithoutData } = figures;
  console.info(
    `${panels.length} panels, ${queries.length} queries, ${panelsWithoutData} panels without data`,
  );
  const command = "npm run dashboards:check";
  if (json) console.info(JSON.stringify(figuresReport({ command, folder: repositoryRoot, figures, passed })));
  return passed ? 0 : 1;
}

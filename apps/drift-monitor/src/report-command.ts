// `npm run drift-report`: what drifted in a stretch of time, for a person. `--help` lists the options.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processEnvironment } from "./config.ts";
import { driftMonitorLimits } from "./limits.ts";
import type { ReportDocument } from "./report/document.ts";
import { htmlOf } from "./report/html.ts";
import { makeReport } from "./report/make-report.ts";
import { markdownOf } from "./report/markdown.ts";
import { readReportData, type AskMonitor } from "./report/report-data.ts";
import { parseReportOptions, ReportOptionError, reportUsage } from "./report/report-options.ts";

/** The monitor does not give what the report needs. */
class MonitorError extends Error {}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(`${reportUsage}\n`);
    return 0;
  }
  try {
    const options = parseReportOptions(args);
    const ask = askMonitor(options.api, processEnvironment()["TOLLGATE_DRIFT_API_KEY"]);
    const data = await readReportData(ask, options);
    if (data === undefined) throw new MonitorError("no window was judged in that time");
    await write(makeReport(data), options.outputFolder);
    process.stdout.write(`${options.outputFolder}/report.html\n${options.outputFolder}/report.md\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ReportOptionError || error instanceof MonitorError)) throw error;
    process.stderr.write(`drift-report: ${error.message}\n`);
    return 1;
  }
}

function askMonitor(api: string, key: string | undefined): AskMonitor {
  return async (path) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const signal = AbortSignal.timeout(driftMonitorLimits.reportRequestMs);
    const response = await fetch(new URL(path, api), { headers, signal }).catch((error: unknown) => {
      throw new MonitorError(`the monitor at ${api} does not answer`, { cause: error });
    });
    if (response.ok) return response.json();
    throw new ReportOptionError(
      `the monitor at ${api} answered ${response.status}: ${await response.text()}`,
    );
  };
}

async function write(document: ReportDocument, folder: string): Promise<void> {
  await mkdir(join(folder, "figures"), { recursive: true });
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind === "figure") await writeFile(join(folder, "figures", `${block.name}.svg`), block.svg);
  }
  await writeFile(join(folder, "report.md"), markdownOf(document));
  await writeFile(join(folder, "report.html"), htmlOf(document));
}

/** Pictures of the dashboards with a running demo's data, taken by headless Chromium: `docs/images`. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { repositoryRoot, StackError } from "@tollgate/local-stack";
import { allDashboards } from "../src/dashboards/all-dashboards.ts";
import { startPageServer } from "../src/page/page-server.ts";
import { demoPrometheus } from "./demo-prometheus.ts";
import { checkLimits } from "./limits.ts";

const usage = "options: [--prometheus URL] [--only UID] [--out FOLDER]";
const browsers = ["chromium", "chromium-browser", "google-chrome"];

// Whoever ends this ends the demo that it started.
const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
process.on("SIGTERM", () => interruption.abort());

try {
  await takePictures(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof StackError || error instanceof TypeError || interruption.signal.aborted;
  console.error(explained ? `${(error as Error).message}\n${usage}` : error);
  process.exitCode = 1;
}

async function takePictures(commandLine: string[]): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ args: commandLine, options: { prometheus: text, only: text, out: text } });
  const folder = values.out ?? join(repositoryRoot, "docs", "images");
  mkdirSync(folder, { recursive: true });
  const browser = browsers.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (browser === undefined) throw new StackError(`none of ${browsers.join(", ")} is on PATH`);
  const demo =
    values.prometheus === undefined
      ? await demoPrometheus((line) => console.info(line), interruption.signal)
      : { url: values.prometheus, fresh: false, stop: () => Promise.resolve() };
  const page = await startPageServer({ promises: engagement, prometheusUrl: demo.url, port: 0 });
  try {
    if (demo.fresh) await delay(checkLimits.flowBeforePicturesMs, undefined, { signal: interruption.signal });
    const chosen = allDashboards(engagement).filter(({ uid }) => uid === (values.only ?? uid));
    for (const { uid } of chosen) {
      const path = join(folder, `${uid}.png`);
      await takePicture({ browser, url: `${page.url}/#${uid}`, path });
      console.info(path);
    }
  } finally {
    await page.stop();
    await demo.stop();
  }
}

/** Asynchronous: the page that is photographed is served by this process. */
async function takePicture(options: {
  readonly browser: string;
  readonly url: string;
  readonly path: string;
}): Promise<void> {
  const { browser, url, path } = options;
  const flags = [
    "--headless",
    // Where this runs as root, in a container, Chromium's own sandbox does not start.
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    `--window-size=${checkLimits.pictureSize}`,
    `--virtual-time-budget=${checkLimits.pictureMs}`,
    `--screenshot=${path}`,
  ];
  await promisify(execFile)(browser, [...flags, url], { timeout: checkLimits.browserMs });
}

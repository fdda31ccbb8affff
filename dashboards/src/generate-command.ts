/** `npm run dashboards`: writes what is made from engagement, catalogue and definitions. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { ConfigError } from "@tollgate/runtime";
import { loadConfig, processEnvironment } from "./config.ts";
import { committedFiles, committedFolder, deploymentFiles, repositoryFolder } from "./generated-files.ts";

const usage = `usage: npm run dashboards -- [--out FOLDER]
  without --out: writes ${committedFolder} and two pages of docs/reference, for the local stack
  --out FOLDER:  writes the files of a deployment, with the addresses of the environment:
                 TOLLGATE_GRAFANA_URL, TOLLGATE_RUNBOOKS_URL, TOLLGATE_PROMETHEUS_URL,
                 TOLLGATE_PAGE_WEBHOOK_URL, TOLLGATE_TICKET_WEBHOOK_URL`;

try {
  generate(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof ConfigError || error instanceof TypeError;
  console.error(explained ? `${error.message}\n${usage}` : error);
  process.exitCode = 1;
}

function generate(commandLine: string[]): void {
  const options = { out: { type: "string" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: commandLine, options });
  if (values.help === true) {
    console.info(usage);
    return;
  }
  if (values.out === undefined) {
    rmSync(join(repositoryFolder, committedFolder), { recursive: true, force: true });
    write(repositoryFolder, committedFiles(engagement));
  } else {
    write(resolve(values.out), deploymentFiles(engagement, loadConfig(processEnvironment())));
  }
}

function write(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  console.info(`${files.size} files written below ${folder}`);
}

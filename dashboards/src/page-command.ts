/** The dashboards as a page: `node dashboards/src/page-command.ts [--prometheus URL] [--port 3000]`. */
import { parseArgs } from "node:util";
import { engagement } from "@tollgate/engagement-card-payments";
import { ConfigError } from "@tollgate/runtime";
import { loadConfig, processEnvironment } from "./config.ts";
import { pageLimits } from "./page/limits.ts";
import { startPageServer } from "./page/page-server.ts";

try {
  await serve(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof ConfigError || error instanceof TypeError;
  console.error(explained ? error.message : error);
  process.exitCode = 1;
}

async function serve(commandLine: string[]): Promise<void> {
  const options = { prometheus: { type: "string" }, port: { type: "string" } } as const;
  const { values } = parseArgs({ args: commandLine, options });
  const { prometheusUrl } = loadConfig(processEnvironment());
  const server = await startPageServer({
    promises: engagement,
    prometheusUrl: values.prometheus ?? prometheusUrl,
    port: Number(values.port ?? pageLimits.port),
  });
  console.info(`dashboards ${server.url}`);
  const stop = (): void => void server.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

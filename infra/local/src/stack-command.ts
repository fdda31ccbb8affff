/** `npm run stack -- up|down|status|reset`: the services, kept running beside whatever uses them. */
import { processEnvironment } from "./config.ts";
import { progressLine } from "./progress-line.ts";
import { serviceNames, serviceTitles, urlVariables } from "./service-name.ts";
import { StackError } from "./stack-error.ts";
import { stackStatus } from "./stack-status.ts";
import { startStack } from "./start-stack.ts";
import { stopStack } from "./stop-stack.ts";
import { tableLines } from "@tollgate/runtime";

const stackName = "stack";
const usage = `usage: npm run stack -- up [--exporters] | down | status | reset
  up      starts Kafka, Redis, PostgreSQL and Prometheus; they go on after this command;
          --exporters: with what shows their metrics, where it can be had
  down    stops them; their data stays
  status  shows what runs, where, and how much data it holds
  reset   stops them and deletes their data`;

try {
  process.exitCode = await runCommand(process.argv[2] ?? "");
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function runCommand(command: string): Promise<number> {
  switch (command) {
    case "up":
      return up(process.argv.includes("--exporters"));
    case "down":
      return down({ deleteData: false });
    case "reset":
      return down({ deleteData: true });
    case "status":
      return status();
    default:
      console.error(usage);
      return Promise.resolve(2);
  }
}

async function up(exporters: boolean): Promise<number> {
  const stack = await startStack({
    name: stackName,
    services: serviceNames,
    environment: processEnvironment(),
    lifetime: "kept",
    exporters,
    onProgress: (progress) => console.info(progressLine(progress)),
  });
  console.info("\nTo use these services elsewhere:");
  for (const { name, url } of stack.services) console.info(`  export ${urlVariables[name]}=${url}`);
  return 0;
}

async function down(options: { deleteData: boolean }): Promise<number> {
  const stopped = await stopStack(stackName, options);
  const names = stopped.map((name) => serviceTitles[name]).join(", ");
  console.info(stopped.length === 0 ? "nothing was running." : `stopped ${names}.`);
  if (options.deleteData) console.info("their data and logs are deleted.");
  return 0;
}

/** Exit code 0 when every service that was started answers. */
async function status(): Promise<number> {
  const services = await stackStatus(stackName);
  if (services.length === 0) {
    console.info("nothing runs: `npm run stack -- up` starts the services.");
    return 0;
  }
  const rows = services.map((service) => [
    service.label,
    service.state,
    service.url,
    service.pid === undefined ? "–" : String(service.pid),
    service.source,
    service.dataBytes === undefined ? "–" : `${(service.dataBytes / 2 ** 20).toFixed(1)} MiB`,
  ]);
  const lines = tableLines(["service", "state", "url", "pid", "source", "data"], rows);
  console.info(lines.join("\n"));
  return services.every(({ state }) => state === "ready") ? 0 : 1;
}

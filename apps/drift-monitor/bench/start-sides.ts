import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startStack } from "@tollgate/local-stack";
import { processEnvironment } from "../src/config.ts";

/** Kafka and PostgreSQL of their own, and a monitor on them that is started when its topics are there. */
export interface Sides extends AsyncDisposable {
  readonly brokers: readonly string[];
  readonly postgresUrl: string;
  readonly postgresPid: number;
  startMonitor(): void;
  monitorPid(): number;
}

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** TOLLGATE_BENCH_NODE_OPTIONS goes to the monitor's Node: with `--cpu-prof` it tells where time goes. */
export async function startSides(name: string): Promise<Sides> {
  const own = processEnvironment();
  const { PATH, HOME, JAVA_HOME, TOLLGATE_BENCH_NODE_OPTIONS: nodeOptions } = own;
  const stack = await startStack({
    name,
    services: ["kafka", "postgres"],
    environment: { PATH, HOME, JAVA_HOME },
    lifetime: "owned",
    freshData: true,
    durable: false,
    ports: "any",
  });
  const [kafka, postgres] = [stack.service("kafka"), stack.service("postgres")];
  let child: ChildProcess | undefined;
  return {
    brokers: kafka.url.split(","),
    postgresUrl: postgres.url,
    postgresPid: postgres.pid() ?? 0,
    monitorPid: () => child?.pid ?? 0,
    startMonitor() {
      child = spawn(process.execPath, [...(nodeOptions?.split(" ") ?? []), entry], {
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          PATH,
          HOME,
          TOLLGATE_KAFKA_BROKERS: kafka.url,
          TOLLGATE_POSTGRES_URL: postgres.url,
          TOLLGATE_DRIFT_HTTP_PORT: "0",
          TOLLGATE_DRIFT_API_PORT: "0",
          TOLLGATE_DRIFT_LATENESS_MINUTES: "120",
          // Drifted hours are warnings, and there are hundreds.
          TOLLGATE_LOG_LEVEL: "error",
        },
      });
    },
    async [Symbol.asyncDispose]() {
      if (child !== undefined && child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }
      await stack.stop();
    },
  };
}

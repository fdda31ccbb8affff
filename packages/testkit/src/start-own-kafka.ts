import { rmSync } from "node:fs";
import { startStack, urlVariables } from "@tollgate/local-stack";

import { testEnvironment } from "./config.ts";

/** A broker for one test alone, which may be killed. */
export interface OwnKafka {
  readonly brokers: readonly string[];
  /** SIGKILL, as a crash would; returns when the process is gone. Data and port stay. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data; returns when it answers. */
  restart(): Promise<void>;
  /** Stands still until `goOn`: connections stay, nothing is answered. */
  halt(): void;
  goOn(): void;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a Kafka beside the shared one; takes about 5 s. Stop it in the test's own clean-up. */
export async function startOwnKafka(name: string): Promise<OwnKafka> {
  const stack = await startStack({
    name: `test-kafka-${name}-${process.pid}`,
    services: ["kafka"],
    // An external broker is not ours to kill.
    environment: { ...testEnvironment(), [urlVariables.kafka]: undefined },
    lifetime: "owned",
    freshData: true,
    durable: false,
    ports: "any",
  });
  const kafka = stack.service("kafka");
  return {
    brokers: kafka.url.split(","),
    kill: () => kafka.stop("SIGKILL"),
    restart: () => kafka.start(),
    halt: () => signal(kafka.pid(), "SIGSTOP"),
    goOn: () => signal(kafka.pid(), "SIGCONT"),
    async stop() {
      await stack.stop();
      rmSync(stack.folder, { recursive: true, force: true });
    },
  };
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) throw new Error("Kafka does not run");
  process.kill(pid, name);
}

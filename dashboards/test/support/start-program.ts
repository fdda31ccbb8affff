import { spawn } from "node:child_process";
import { watchdogFor, type MonitoringProgram } from "@tollgate/local-stack";
import { until } from "@tollgate/testkit";

export interface Program {
  stop(): Promise<void>;
}

/** Starts a program and returns when the URL answers 2xx. It ends with the test run, however that ends. */
export async function startProgram(
  { path, workingFolder }: MonitoringProgram,
  options: { readonly arguments: readonly string[]; readonly readyUrl: string },
): Promise<Program> {
  const { readyUrl } = options;
  const child = spawn(path, options.arguments, { stdio: ["ignore", "pipe", "pipe"], cwd: workingFolder });
  const watchdog = child.pid === undefined ? undefined : watchdogFor(child.pid);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
  }
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    watchdog?.end();
  };
  try {
    await until(async () => (await fetch(readyUrl)).ok, { describe: readyUrl, deadlineMs: 30_000 });
  } catch (error) {
    await stop();
    throw new Error(`${path} did not become ready; it said:\n${text}`, { cause: error });
  }
  return { stop };
}

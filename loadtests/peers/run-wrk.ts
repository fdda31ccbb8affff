import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Environment } from "@tollgate/runtime";
import { LoadError } from "../run/load-error.ts";
import { peerLimits } from "./limits.ts";
import { coresUsed, loadFigures, type AnswerFigures, type LoadFigures } from "./load-figures.ts";
import type { LoadTarget } from "./load-generator.ts";
import type { Wrk } from "./obtain-wrk.ts";

export interface WrkRun extends LoadTarget {
  readonly wrk: Extract<Wrk, { path: string }>;
  readonly bodiesPath: string;
  readonly seconds: number;
  readonly environment: Environment;
}

/** Warm-up and measured run, each over 64 connections. */
export async function runWrk(run: WrkRun): Promise<LoadFigures> {
  await outputOf(spawnWrk({ ...run, idPrefix: `${run.idPrefix}w`, seconds: peerLimits.warmUpSeconds }));
  const child = spawnWrk(run);
  const { server, services, seconds } = run;
  const processes = { server, services, generator: child.pid };
  const [output, cores] = await Promise.all([
    outputOf(child),
    coresUsed(processes, { fromMs: Date.now(), seconds }),
  ]);
  return loadFigures(parseWrk(output), cores);
}

/** What wrk prints, as numbers. @throws LoadError when it printed something else. */
export function parseWrk(text: string): AnswerFigures {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const requestsPerSecond = number(/Requests\/sec:\s+([\d.]+)/u);
  if (requestsPerSecond === undefined) {
    throw new LoadError(`wrk gave no figures: ${text.trim().split("\n").at(-1) ?? ""}`);
  }
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/u.exec(text);
  const sockets = (socketErrors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0);
  return {
    requestsPerSecond,
    p50Ms: percentile(text, 50),
    p99Ms: percentile(text, 99),
    failed: (number(/Non-2xx or 3xx responses: (\d+)/u) ?? 0) + sockets,
  };
}

function percentile(text: string, share: number): number {
  const [, value, unit = ""] = new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s|m)`, "mu").exec(text) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1_000, m: 60_000 }[unit] ?? Number.NaN);
}

function spawnWrk(run: WrkRun): ChildProcess {
  const { wrk, url, bodiesPath, idPrefix, apiKey, seconds, environment } = run;
  const script = fileURLToPath(new URL("./stamp-ids.lua", import.meta.url));
  const callers = ["--threads", "1", "--connections", String(peerLimits.connections)];
  const load = [...callers, "--duration", `${seconds}s`, "--latency", "--script", script];
  return spawn(wrk.path, [...load, url, "--", bodiesPath, idPrefix, apiKey], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: environment["PATH"], LD_LIBRARY_PATH: wrk.libraryPath ?? "" },
  });
}

/** All that it printed; why it could not be started, where it could not. */
function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", () => resolve(output));
  });
}

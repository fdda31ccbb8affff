import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Environment } from "@tollgate/runtime";
import { usageNow } from "../run/process-usage.ts";
import { LoadError } from "../run/load-error.ts";
import { peerLimits } from "./limits.ts";
import type { Wrk } from "./obtain-wrk.ts";

/** One run of wrk. */
export interface WrkFigures {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx or 3xx, and connections that failed. */
  readonly failed: number;
  /** CPU of the server's processes together. */
  readonly serverMicros: number;
  /** CPU of the services that it calls: Redis, and for Tollgate Kafka and the other apps too. */
  readonly servicesMicros: number;
}

export interface WrkRun {
  readonly wrk: Extract<Wrk, { path: string }>;
  readonly url: string;
  readonly bodiesPath: string;
  /** Begins every id. */
  readonly idPrefix: string;
  readonly apiKey: string;
  readonly seconds: number;
  readonly environment: Environment;
  readonly server: number;
  readonly services: Readonly<Record<string, number | undefined>>;
}

/** A closed loop over 64 connections, with CPU read from /proc before and after. */
export async function runWrk(run: WrkRun): Promise<WrkFigures> {
  const pids = { ...run.services, server: run.server };
  const before = usageNow(pids);
  const output = await wrkOutput(run);
  const after = usageNow(pids);
  const used = (part: string): number => (after.cpuSeconds[part] ?? 0) - (before.cpuSeconds[part] ?? 0);
  const figures = parseWrk(output);
  const requests = Math.max(1, figures.requests);
  const services = Object.keys(run.services).reduce((sum, part) => sum + used(part), 0);
  return {
    ...figures,
    serverMicros: (used("server") / requests) * 1e6,
    servicesMicros: (services / requests) * 1e6,
  };
}

/** What wrk prints, as numbers. @throws LoadError when it printed something else. */
export function parseWrk(text: string): {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
} {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const requests = number(/(\d+) requests in/u);
  const requestsPerSecond = number(/Requests\/sec:\s+([\d.]+)/u);
  if (requests === undefined || requestsPerSecond === undefined) {
    throw new LoadError(`wrk gave no figures: ${text.trim().split("\n").at(-1) ?? ""}`);
  }
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/u.exec(text);
  const sockets = (socketErrors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0);
  return {
    requests,
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

function wrkOutput(run: WrkRun): Promise<string> {
  const { wrk, url, bodiesPath, idPrefix, apiKey, seconds, environment } = run;
  const script = fileURLToPath(new URL("./stamp-ids.lua", import.meta.url));
  const load = [
    "--threads",
    "1",
    "--connections",
    String(peerLimits.connections),
    "--duration",
    `${seconds}s`,
  ];
  const child = spawn(
    wrk.path,
    [...load, "--latency", "--script", script, url, "--", bodiesPath, idPrefix, apiKey],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: environment["PATH"], LD_LIBRARY_PATH: wrk.libraryPath ?? "" },
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", () => resolve(output));
  });
}

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "@tollgate/runtime";
import { watchdogFor } from "@tollgate/local-stack";
import { notes } from "../k6/load-plan.ts";
import { LoadError } from "./load-error.ts";
import { loadLimits } from "./limits.ts";
import type { K6 } from "./obtain-k6.ts";

/** k6 at work. */
export interface K6Run {
  readonly pid: number | undefined;
  /** Settles when the load begins, with that moment on the wall clock. Rejects when it never does. */
  readonly began: Promise<number>;
  /** Settles when k6 has ended, however. */
  readonly ended: Promise<number>;
  /** After `ended`. @throws LoadError when k6 wrote no figures. */
  result(): K6Result;
  stop(): void;
}

/** What k6 measured: its summary, and its notes. */
export interface K6Result {
  readonly metrics: K6Metrics;
  /** Number → reason of each transaction that was not accepted. */
  readonly refused: ReadonlyMap<number, string>;
  /** Answers that were read, by transaction id: decision and score as text. */
  readonly answers: ReadonlyMap<string, string>;
}

/** k6's summary: metric, with tags → its statistics. */
export type K6Metrics = Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;

export interface RunK6Options {
  readonly k6: K6;
  readonly scriptPath: string;
  /** What the script reads; it writes its figures at the path named there. */
  readonly plan: { readonly summaryPath: string };
  readonly folder: string;
  readonly apiKey: string;
  readonly environment: Environment;
}

/** k6's exit code when a threshold of its own was missed: the run itself was whole. */
const thresholdMissed = 99;

export function runK6(options: RunK6Options): K6Run {
  const { k6, plan, folder, environment } = options;
  const planPath = join(folder, "plan.json");
  // Standard error: k6 keeps what goes to a file of its own in memory until it ends.
  const logPath = join(folder, "k6.log");
  writeFileSync(planPath, JSON.stringify(plan));
  const [file = "", ...before] = k6.command;
  const flags = ["--quiet", "--no-color", "--address", "", "--log-format", "raw"];
  const output = openSync(logPath, "w");
  const child = spawn(file, [...before, "run", ...flags, options.scriptPath], {
    stdio: ["ignore", output, output],
    env: {
      PATH: environment["PATH"],
      HOME: environment["HOME"],
      LOAD_PLAN: planPath,
      LOAD_API_KEY: options.apiKey,
      K6_NO_USAGE_REPORT: "true",
      GOGC: String(loadLimits.k6HeapGrowthPercent),
    },
    detached: true,
  });
  closeSync(output);
  const watchdog = child.pid === undefined ? undefined : watchdogFor(child.pid);
  let exitCode: number | undefined;
  const ended = new Promise<number>((resolve) => {
    const end = (code: number): void => {
      exitCode = code;
      watchdog?.end();
      resolve(code);
    };
    child.once("error", () => end(1));
    child.once("close", (code) => end(code ?? 1));
  });
  return {
    pid: child.pid,
    began: whenBegan(logPath, () => exitCode !== undefined),
    ended,
    result() {
      if ((exitCode !== 0 && exitCode !== thresholdMissed) || !existsSync(plan.summaryPath)) {
        throw new LoadError(`k6 ended with ${exitCode}:\n${endOf(logPath)}`);
      }
      const metrics = JSON.parse(readFileSync(plan.summaryPath, "utf8")) as K6Metrics;
      return { metrics, ...readNotes(readFileSync(logPath, "utf8")) };
    },
    stop: () => child.kill("SIGINT"),
  };
}

async function whenBegan(logPath: string, hasEnded: () => boolean): Promise<number> {
  const endMs = performance.now() + loadLimits.beganMs;
  for (;;) {
    const text = existsSync(logPath) ? readFileSync(logPath, "utf8") : "";
    const match = new RegExp(`^${notes.began} (\\d+)$`, "mu").exec(text);
    if (match !== null) return Number(match[1]);
    if (hasEnded() || performance.now() > endMs) throw new LoadError(`k6 did not begin:\n${endOf(logPath)}`);
    await delay(loadLimits.beganPollMs);
  }
}

function endOf(logPath: string): string {
  return readFileSync(logPath, "utf8").trim().split("\n").slice(-10).join("\n");
}

/** The lines that the script wrote for this program. */
export function readNotes(text: string): Pick<K6Result, "refused" | "answers"> {
  const refused = new Map<number, string>();
  const answers = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [word, first = "", ...rest] = line.split(" ");
    if (word === notes.refused) refused.set(Number(first), rest.join(" "));
    if (word === notes.answered) answers.set(first, rest.join(" "));
  }
  return { refused, answers };
}

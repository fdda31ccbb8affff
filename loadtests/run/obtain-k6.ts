import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { LoadError, noLoadGenerator } from "./load-error.ts";
import { loadLimits } from "./limits.ts";

/** TypeScript without a build step came with 1.0; this is the one the profiles were measured with. */
export const k6Version = "1.8.1";
const oldestMajor = 1;

/** How k6 is called: the command's beginning, to which `run …` is added. */
export interface K6 {
  readonly command: readonly string[];
  /** "k6 v1.8.1". */
  readonly label: string;
  readonly from: "PATH" | "built" | "docker";
}

export interface ObtainK6Options {
  readonly searchPath: string;
  /** Where it is built when there is none: `.local/k6`. */
  readonly folder: string;
  /** Mounted into the container under its own path. */
  readonly repositoryRoot: string;
  readonly say: (line: string) => void;
}

/**
 * The k6 on the search path when it is new enough, else one that is built once from its Go module, else the
 * container image. @throws LoadError saying what to install when none of the three can be had.
 */
export async function obtainK6(options: ObtainK6Options): Promise<K6> {
  const installed = usable(executableOn(options.searchPath, "k6"), "PATH");
  if (installed !== undefined) return installed;
  const builtPath = join(options.folder, k6Version, "k6");
  const built = usable(builtPath, "built");
  if (built !== undefined) return built;
  const faults: string[] = [];
  const go = executableOn(options.searchPath, "go");
  if (go === undefined) faults.push("Go is not on PATH");
  else {
    try {
      await buildK6(go, builtPath, options.say);
      const fresh = usable(builtPath, "built");
      if (fresh !== undefined) return fresh;
      faults.push("the k6 that was built does not run");
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  const container = containerOf(options);
  if (container !== undefined) return container;
  faults.push("no Docker engine answers");
  throw new LoadError(
    `k6 ${oldestMajor}.0 or newer is missing: ${faults.join("; ")}. ` +
      "Install k6 (k6.io/docs) so that it is on PATH, or Go 1.24 or newer, with which it is built here " +
      "once; that needs the Go module proxy.",
    noLoadGenerator,
  );
}

function usable(path: string | undefined, from: "PATH" | "built"): K6 | undefined {
  if (path === undefined) return undefined;
  const version = versionOf([path]);
  return version === undefined ? undefined : { command: [path], label: version, from };
}

/** "k6 v1.8.1", or undefined for one that does not run or is too old for a TypeScript script. */
function versionOf(command: readonly string[]): string | undefined {
  const [file = "", ...args] = command;
  const result = spawnSync(file, [...args, "version"], {
    encoding: "utf8",
    timeout: loadLimits.k6ProbeMs,
  });
  return result.status === 0 ? acceptedVersion(result.stdout) : undefined;
}

export function acceptedVersion(text: string): string | undefined {
  const match = /^k6(?:\.exe)? v(\d+)\.\d+\.\d+\S*/mu.exec(text);
  return match !== null && Number(match[1]) >= oldestMajor ? match[0] : undefined;
}

async function buildK6(go: string, target: string, say: (line: string) => void): Promise<void> {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const unfinished = mkdtempSync(join(folder, "unfinished-"));
  say(`↓ k6 ${k6Version} is built once, into .local/k6 (about 3 minutes on two cores) …`);
  try {
    await run([go, "install", `go.k6.io/k6@v${k6Version}`], { GOBIN: unfinished, GOFLAGS: "-p=2" }, say);
    renameSync(join(unfinished, "k6"), target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Shows each minute that it is still at work; fails with the tool's last lines. */
function run(
  command: readonly string[],
  settings: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<void> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const child = spawn("env", [...assignments, file, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: loadLimits.k6BuildMs,
    });
    let lines: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => {
      lines = [...lines, ...chunk.toString("utf8").trim().split("\n")].slice(-3);
    });
    const timer = setInterval(() => {
      say(`… ${Math.round((performance.now() - startMs) / 1000)} s  ${lines.at(-1) ?? "compiling"}`);
    }, 60_000);
    child.once("error", (error) => reject(new LoadError(`go did not run: ${error.message}`)));
    child.once("close", (code) => {
      clearInterval(timer);
      if (code === 0) return resolve();
      return reject(new LoadError(`go install of k6 ended with ${code}: ${lines.join(" / ")}`));
    });
  });
}

function containerOf(options: ObtainK6Options): K6 | undefined {
  const docker = executableOn(options.searchPath, "docker");
  if (docker === undefined) return undefined;
  const { repositoryRoot: root } = options;
  const mount = ["--volume", `${root}:${root}`, "--workdir", root];
  const environment = [
    "--env",
    "LOAD_PLAN",
    "--env",
    "LOAD_API_KEY",
    "--env",
    "K6_NO_USAGE_REPORT",
    "--env",
    "GOGC",
  ];
  const image = `grafana/k6:${k6Version}`;
  const command = [docker, "run", "--rm", "--network", "host", ...mount, ...environment, image];
  const version = versionOf(command);
  return version === undefined ? undefined : { command, label: version, from: "docker" };
}

function executableOn(searchPath: string, name: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

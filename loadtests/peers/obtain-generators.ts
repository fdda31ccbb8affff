import { join } from "node:path";
import { repositoryRoot } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { LoadError, noLoadGenerator } from "../run/load-error.ts";
import { obtainK6 } from "../run/obtain-k6.ts";
import type { GeneratorName, LoadGenerator } from "./load-generator.ts";
import { obtainWrk } from "./obtain-wrk.ts";
import { runPeerK6 } from "./run-peer-k6.ts";
import { runWrk } from "./run-wrk.ts";

export interface GeneratorOptions {
  readonly seconds: number;
  readonly bodiesPath: string;
  readonly environment: Environment;
  /** For the plans and logs of k6. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Those that can be had, of which the others say why. @throws LoadError when none can be. */
export async function obtainGenerators(
  names: readonly GeneratorName[],
  options: GeneratorOptions,
): Promise<readonly LoadGenerator[]> {
  const had: LoadGenerator[] = [];
  const obstacles: string[] = [];
  for (const name of names) {
    try {
      had.push(await { wrk: wrkGenerator, k6: k6Generator }[name](options));
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      obstacles.push(error.message);
    }
  }
  if (had.length === 0) throw new LoadError(obstacles.join("; "), noLoadGenerator);
  for (const obstacle of obstacles) options.say(`– ${obstacle}`);
  return had;
}

async function wrkGenerator(options: GeneratorOptions): Promise<LoadGenerator> {
  const wrk = await obtainWrk(options.environment["PATH"] ?? "", options.say);
  if ("obstacle" in wrk) throw new LoadError(`wrk is missing: ${wrk.obstacle}`);
  return { name: "wrk", load: (target) => runWrk({ ...options, ...target, wrk }) };
}

async function k6Generator(options: GeneratorOptions): Promise<LoadGenerator> {
  const k6 = await obtainK6({
    searchPath: options.environment["PATH"] ?? "",
    folder: join(repositoryRoot, ".local", "k6"),
    repositoryRoot,
    say: options.say,
  });
  return { name: "k6", load: (target) => runPeerK6({ ...options, ...target, k6 }) };
}

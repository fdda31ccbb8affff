import { join } from "node:path";
import type { Platform } from "@tollgate/demo";
import { choosePort } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { modelFile } from "./model-file.ts";
import { peerLimits } from "./limits.ts";
import type { LoadFigures } from "./load-figures.ts";
import { generatorNames, type GeneratorName, type LoadGenerator, type LoadTarget } from "./load-generator.ts";
import { postOnce, startPeer } from "./peer-process.ts";
import { pythonFolder, type Peer } from "./peers.ts";
import { preparePeerPython } from "./prepare-peer-python.ts";

/** All rounds of one server. */
export interface PeerResult {
  readonly name: string;
  readonly description: string;
  readonly rounds: Readonly<Record<GeneratorName, readonly LoadFigures[]>>;
  /** Why there is no figure, or what is to be known of it. */
  readonly remark: string;
}

export interface MeasureOptions {
  readonly chosen: readonly Peer[];
  readonly rounds: number;
  readonly generators: readonly LoadGenerator[];
  readonly platform: Platform;
  readonly environment: Environment;
  readonly folder: string;
  /** One whole transaction. */
  readonly example: string;
  readonly say: (line: string) => void;
}

/**
 * Round after round over all servers, one at a time, each under every generator; every second round all of
 * it the other way about.
 */
export async function measurePeers(options: MeasureOptions): Promise<readonly PeerResult[]> {
  const { chosen, rounds, platform, say } = options;
  const all = [tollgate, ...chosen];
  const measured = new Map(all.map(({ name }) => [name, { rounds: noRounds(), remark: "" }]));
  const state: RunState = { scores: new Map(), takenPorts: new Set(), runs: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    for (const peer of inOrder(all, round)) {
      const result = measured.get(peer.name);
      const known = generatorNames.some((name) => (result?.rounds[name].length ?? 0) > 0);
      if (result === undefined || (round > 1 && !known)) continue;
      try {
        await withServer(peer, { options, state }, async (target) => {
          for (const { name, load } of inOrder(options.generators, round)) {
            state.runs += 1;
            const figures = await load({ ...target, idPrefix: `${target.idPrefix}${state.runs}` });
            result.rounds[name].push(figures);
            say(`round ${round}  ${peer.name.padEnd(9)} ${figures.requestsPerSecond.toFixed(0)} by ${name}`);
          }
        });
      } catch (error) {
        result.remark = (error as Error).message;
        say(`round ${round}  ${peer.name.padEnd(9)} – ${result.remark}`);
      }
    }
  }
  const processes = platform.apps.length + platform.stack.services.length;
  return all.map(({ name, description }) => {
    const result = measured.get(name) ?? { rounds: noRounds(), remark: "" };
    const own = name === tollgate.name ? `${processes} processes in all ` : "";
    const remark = `${own}${result.remark}${wrongScore(name, state)}`.trim();
    return { name, description, rounds: result.rounds, remark };
  });
}

function noRounds(): Record<GeneratorName, LoadFigures[]> {
  return { wrk: [], k6: [] };
}

function inOrder<T>(items: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? items.toReversed() : items;
}

/** Measured where it already runs: with its log, its archive, its metrics and its states. */
const tollgate: Peer = {
  name: "tollgate",
  description: "this repository, everything on: states written, decisions logged and archived, metrics",
  scores: false,
  command: () => [],
};

interface RunState {
  /** What each server said of the example. */
  readonly scores: Map<string, number>;
  readonly takenPorts: Set<number>;
  /** Each sends other ids. */
  runs: number;
}

interface Measuring {
  readonly options: MeasureOptions;
  readonly state: RunState;
}

/** Tollgate runs already, with all that belongs to it; a peer is started, and stopped afterwards. */
async function withServer(
  peer: Peer,
  { options, state }: Measuring,
  measure: (target: LoadTarget) => Promise<void>,
): Promise<void> {
  const { platform, environment, folder, example } = options;
  if (peer === tollgate) return measure(tollgateTarget(platform));
  const { port } = await choosePort({ taken: state.takenPorts });
  const venv = peer.python === undefined ? "" : await preparePeerPython(peer.python, options.say);
  const start = { port, venv };
  const searchPath = environment["PATH"] ?? "";
  const url = `http://127.0.0.1:${port}/score`;
  const redis = platform.stack.service("redis");
  const server = await startPeer({
    name: peer.name,
    command: peer.command(start),
    folder: pythonFolder,
    environment: {
      PATH: start.venv === "" ? searchPath : `${start.venv}/bin:${searchPath}`,
      HOME: environment["HOME"],
      NODE_ENV: "production",
      PYTHONPATH: pythonFolder,
      PYTHONDONTWRITEBYTECODE: "1",
      PEER_PORT: String(port),
      PEER_REDIS_URL: redis.url,
      PEER_MODEL_PATH: modelFile(),
      ...peer.settings?.(start),
    },
    logPath: join(folder, `${peer.name}.log`),
    url,
    body: example,
  });
  try {
    if (peer.scores) state.scores.set(peer.name, scoreOf(await postOnce(url, example)));
    const { apiKey } = platform;
    const services = { redis: redis.pid() };
    await measure({ url, idPrefix: peer.name, apiKey, server: server.pid, services });
  } finally {
    await server.stop();
  }
}

function tollgateTarget({ apiUrl, apiKey, idPrefix, apps, stack }: Platform): LoadTarget {
  const others = apps.filter(({ name }) => name !== "scoring-api");
  return {
    url: `${apiUrl}/v1/score`,
    idPrefix,
    apiKey,
    server: apps.find(({ name }) => name === "scoring-api")?.pid() ?? 0,
    services: {
      ...Object.fromEntries(others.map((app) => [app.name, app.pid()])),
      ...Object.fromEntries(stack.services.map((service) => [service.name, service.pid()])),
    },
  };
}

/** Of a Python peer; empty for the others. @throws Error saying why it cannot be made. */
function scoreOf(answer: string | undefined): number {
  const { score } = JSON.parse(answer ?? "{}") as { score?: number };
  return score ?? Number.NaN;
}

/** Every peer does the same work when it says the same of the same transaction. */
function wrongScore(name: string, { scores }: RunState): string {
  const own = scores.get(name);
  const [first] = scores.values();
  if (own === undefined || first === undefined) return "";
  return Math.abs(own - first) <= peerLimits.scoreTolerance ? "" : ` WRONG SCORE ${own}, not ${first}`;
}

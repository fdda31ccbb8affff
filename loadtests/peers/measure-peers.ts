import { join } from "node:path";
import type { Platform } from "@tollgate/demo";
import { choosePort } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { modelFile } from "./model-file.ts";
import { peerLimits } from "./limits.ts";
import type { Wrk } from "./obtain-wrk.ts";
import { postOnce, startPeer } from "./peer-process.ts";
import { pythonFolder, type Peer } from "./peers.ts";
import { preparePeerPython } from "./prepare-peer-python.ts";
import { runWrk, type WrkFigures } from "./run-wrk.ts";

/** All rounds of one server. */
export interface PeerResult {
  readonly name: string;
  readonly description: string;
  readonly rounds: readonly WrkFigures[];
  /** Why there is no figure, or what is to be known of it. */
  readonly remark: string;
}

export interface MeasureOptions {
  readonly chosen: readonly Peer[];
  readonly rounds: number;
  readonly seconds: number;
  readonly wrk: Extract<Wrk, { path: string }>;
  readonly platform: Platform;
  readonly environment: Environment;
  readonly folder: string;
  readonly bodiesPath: string;
  /** One whole transaction. */
  readonly example: string;
  readonly say: (line: string) => void;
}

/** Round after round over all servers, every second round the other way about; one server at a time. */
export async function measurePeers(options: MeasureOptions): Promise<readonly PeerResult[]> {
  const { chosen, rounds, platform, say } = options;
  const results = new Map<string, { figures: WrkFigures[]; remark: string }>();
  const state: RunState = { scores: new Map(), takenPorts: new Set(), runs: 0 };
  for (const { name } of [tollgate, ...chosen]) results.set(name, { figures: [], remark: "" });
  for (let round = 1; round <= rounds; round += 1) {
    const order = [tollgate, ...chosen];
    for (const peer of round % 2 === 0 ? order.toReversed() : order) {
      const result = results.get(peer.name);
      if (result === undefined || (round > 1 && result.figures.length === 0)) continue;
      try {
        const figures = await (peer === tollgate ? measureTollgate : measurePeer)(peer, options, state);
        result.figures.push(figures);
        say(`round ${round}  ${peer.name.padEnd(9)} ${figures.requestsPerSecond.toFixed(0)} requests/s`);
      } catch (error) {
        result.remark = (error as Error).message;
        say(`round ${round}  ${peer.name.padEnd(9)} – ${result.remark}`);
      }
    }
  }
  const processes = platform.apps.length + platform.stack.services.length;
  return [tollgate, ...chosen].map(({ name, description }) => {
    const result = results.get(name);
    const remark = name === tollgate.name ? `${processes} processes in all` : (result?.remark ?? "");
    return { name, description, rounds: result?.figures ?? [], remark: remark + wrongScore(name, state) };
  });
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
  /** Of tollgate: each sends other ids. */
  runs: number;
}

function measureTollgate(_peer: Peer, options: MeasureOptions, state: RunState): Promise<WrkFigures> {
  const { platform } = options;
  const api = platform.apps.find(({ name }) => name === "scoring-api")?.pid() ?? 0;
  const others = platform.apps.filter(({ name }) => name !== "scoring-api");
  const services = {
    ...Object.fromEntries(others.map((app) => [app.name, app.pid()])),
    ...Object.fromEntries(platform.stack.services.map((service) => [service.name, service.pid()])),
  };
  state.runs += 1;
  const target = { url: `${platform.apiUrl}/v1/score`, server: api, services };
  return load(options, { ...target, idPrefix: `${platform.idPrefix}${state.runs}` });
}

async function measurePeer(peer: Peer, options: MeasureOptions, state: RunState): Promise<WrkFigures> {
  const { platform, environment, folder, example, say } = options;
  const { port } = await choosePort({ taken: state.takenPorts });
  const searchPath = environment["PATH"] ?? "";
  const venv = peer.python === undefined ? "" : await preparePeerPython(peer.python, say);
  const start = { port, venv };
  const url = `http://127.0.0.1:${port}/score`;
  const server = await startPeer({
    name: peer.name,
    command: peer.command(start),
    folder: pythonFolder,
    environment: {
      PATH: venv === "" ? searchPath : `${venv}/bin:${searchPath}`,
      HOME: environment["HOME"],
      NODE_ENV: "production",
      PYTHONPATH: pythonFolder,
      PYTHONDONTWRITEBYTECODE: "1",
      PEER_PORT: String(port),
      PEER_REDIS_URL: platform.stack.service("redis").url,
      PEER_MODEL_PATH: modelFile(),
      ...peer.settings?.(start),
    },
    logPath: join(folder, `${peer.name}.log`),
    url,
    body: example,
  });
  try {
    if (peer.scores) state.scores.set(peer.name, scoreOf(await postOnce(url, example)));
    const services = { redis: platform.stack.service("redis").pid() };
    return await load(options, { url, server: server.pid, services, idPrefix: peer.name });
  } finally {
    await server.stop();
  }
}

/** Warm-up, then the measured run. */
async function load(
  options: MeasureOptions,
  target: {
    readonly url: string;
    readonly server: number;
    readonly services: Readonly<Record<string, number | undefined>>;
    readonly idPrefix: string;
  },
): Promise<WrkFigures> {
  const { wrk, bodiesPath, environment, platform, seconds } = options;
  const run = { ...target, wrk, bodiesPath, environment, apiKey: platform.apiKey };
  await runWrk({ ...run, idPrefix: `${target.idPrefix}w`, seconds: peerLimits.warmUpSeconds });
  return runWrk({ ...run, seconds });
}

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

/** `npm run load:peers`: the same work on other servers, on this machine, in the same minutes. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPlatform } from "@tollgate/demo";
import { engagement } from "@tollgate/engagement-card-payments";
import { repositoryRoot, StackError } from "@tollgate/local-stack";
import { figuresReport, tableLines } from "@tollgate/runtime";
import { processEnvironment } from "../run/config.ts";
import { LoadError } from "../run/load-error.ts";
import { loadLimits } from "../run/limits.ts";
import { measurePeers, type PeerResult } from "./measure-peers.ts";
import { obtainWrk } from "./obtain-wrk.ts";
import { peerFigures, peerRows, peerHeader } from "./peer-table.ts";
import { peers } from "./peers.ts";
import { writePeerData } from "./write-peer-data.ts";

const usage = `usage: npm run load:peers -- [--rounds 3] [--seconds 8] [--peers empty,fastapi] [--json]
  peers: ${peers.map(({ name }) => name).join(", ")}; tollgate itself is always measured`;

try {
  process.exitCode = await comparePeers(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof LoadError || error instanceof StackError || error instanceof TypeError;
  console.error(explained ? `${error.message}\n${usage}` : error);
  process.exitCode = 1;
}

async function comparePeers(commandLine: readonly string[]): Promise<number> {
  const options = {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "8" },
    peers: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ args: [...commandLine], options });
  if (values.help) {
    console.info(usage);
    return 0;
  }
  const names = values.peers?.split(",") ?? peers.map(({ name }) => name);
  const unknown = names.filter((name) => !peers.some((peer) => peer.name === name));
  if (unknown.length > 0) throw new LoadError(`no peer is called ${unknown.join(", ")}`);
  const results = await measureAll({
    chosen: peers.filter(({ name }) => names.includes(name)),
    rounds: wholeNumber("rounds", values.rounds),
    seconds: wholeNumber("seconds", values.seconds),
  });
  console.info(`\n${tableLines(peerHeader, peerRows(results)).join("\n")}`);
  const figures = peerFigures(results);
  const passed = figures.ratioToFastApi !== null;
  const command = "npm run load:peers";
  if (values.json) {
    console.info(JSON.stringify(figuresReport({ command, folder: repositoryRoot, figures, passed })));
  }
  return passed ? 0 : 1;
}

async function measureAll(wanted: {
  readonly chosen: typeof peers;
  readonly rounds: number;
  readonly seconds: number;
}): Promise<readonly PeerResult[]> {
  const environment = processEnvironment();
  const say = (line: string): void => console.info(line);
  const wrk = await obtainWrk(environment["PATH"] ?? "", say);
  if ("obstacle" in wrk)
    throw new LoadError(`wrk, which loads every server alike, is missing: ${wrk.obstacle}`);
  const platform = await startPlatform({
    name: "load",
    ratePerSecond: loadLimits.keyRatePerSecond,
    dashboards: false,
    environment,
    say,
  });
  try {
    const folder = join(repositoryRoot, ".local", "load-runs", "peers");
    mkdirSync(folder, { recursive: true });
    const bodiesPath = join(folder, "bodies.txt");
    const redisUrl = platform.stack.service("redis").url;
    const { idPrefix } = platform;
    const example = await writePeerData({ engagement, path: bodiesPath, idPrefix, redisUrl });
    return await measurePeers({ ...wanted, wrk, platform, environment, folder, bodiesPath, example, say });
  } finally {
    await platform.stop();
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 600) return value;
  throw new LoadError(`--${name} is "${text}": it must be a whole number from 1 to 600`);
}

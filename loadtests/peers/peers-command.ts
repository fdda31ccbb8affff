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
import { generatorNames, type GeneratorName } from "./load-generator.ts";
import { measurePeers, type PeerResult } from "./measure-peers.ts";
import { obtainGenerators } from "./obtain-generators.ts";
import { peerFigures, peerRows, peerHeader } from "./peer-table.ts";
import { peers } from "./peers.ts";
import { writePeerData } from "./write-peer-data.ts";

const usage = `usage: npm run load:peers -- [options]
  --rounds 3 --seconds 8  of each server under each generator
  --generator wrk|k6|both default: both
  --peers empty,fastapi   some of the servers
  --json                  print the figures as a last line of JSON
  peers: ${peers.map(({ name }) => name).join(", ")}; tollgate itself is always measured`;

try {
  process.exitCode = await comparePeers(process.argv.slice(2));
} catch (error) {
  const explained = error instanceof LoadError || error instanceof StackError || error instanceof TypeError;
  console.error(explained ? `${error.message}\n${usage}` : error);
  process.exitCode = error instanceof LoadError ? error.exitCode : 1;
}

async function comparePeers(commandLine: readonly string[]): Promise<number> {
  const options = {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "8" },
    generator: { type: "string", default: "both" },
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
    generators: generatorsOf(values.generator),
  });
  for (const generator of generatorNames) {
    if (results.every(({ rounds }) => rounds[generator].length === 0)) continue;
    const lines = tableLines(peerHeader, peerRows(results, generator));
    console.info(`\n── by ${generator}\n${lines.join("\n")}`);
  }
  const figures = { ...peerFigures(results) };
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
  readonly generators: readonly GeneratorName[];
}): Promise<readonly PeerResult[]> {
  const { chosen, rounds, seconds } = wanted;
  const environment = processEnvironment();
  const say = (line: string): void => console.info(line);
  const folder = join(repositoryRoot, ".local", "load-runs", "peers");
  mkdirSync(folder, { recursive: true });
  const bodiesPath = join(folder, "bodies.txt");
  const given = { seconds, bodiesPath, environment, folder, say };
  const generators = await obtainGenerators(wanted.generators, given);
  const platform = await startPlatform({
    name: "load",
    ratePerSecond: loadLimits.keyRatePerSecond,
    dashboards: false,
    environment,
    say,
  });
  try {
    const redisUrl = platform.stack.service("redis").url;
    const { idPrefix } = platform;
    const example = await writePeerData({ engagement, path: bodiesPath, idPrefix, redisUrl });
    return await measurePeers({ chosen, rounds, generators, platform, environment, folder, example, say });
  } finally {
    await platform.stop();
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 600) return value;
  throw new LoadError(`--${name} is "${text}": it must be a whole number from 1 to 600`);
}

function generatorsOf(text: string): readonly GeneratorName[] {
  const named = generatorNames.filter((name) => text === name || text === "both");
  if (named.length > 0) return named;
  throw new LoadError(`--generator is "${text}": it must be wrk, k6 or both`);
}

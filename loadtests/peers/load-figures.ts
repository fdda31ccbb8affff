import { setTimeout as delay } from "node:timers/promises";
import { usageNow } from "../run/process-usage.ts";
import { peerLimits } from "./limits.ts";

/** What a generator says of its answers. */
export interface AnswerFigures {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx or 3xx, and connections that failed. */
  readonly failed: number;
}

/** One round of one server. */
export interface LoadFigures extends AnswerFigures {
  /** CPU of the server's processes together, a request. */
  readonly serverMicros: number;
  /** CPU of the services that it calls: Redis, and for Tollgate Kafka and the other apps too. */
  readonly servicesMicros: number;
  /** CPU of the generator itself; null where it cannot be seen. */
  readonly generatorMicros: number | null;
}

export interface LoadedProcesses {
  readonly server: number;
  readonly services: Readonly<Record<string, number | undefined>>;
  readonly generator: number | undefined;
}

/** Cores that each part uses, in the middle of a time that begins now or later. */
export interface CoresUsed {
  readonly server: number;
  readonly services: number;
  readonly generator: number | null;
}

/** Reads /proc a little after the beginning and a little before the end, while all of them are at work. */
export async function coresUsed(
  processes: LoadedProcesses,
  time: { readonly fromMs: number; readonly seconds: number },
): Promise<CoresUsed> {
  const { server, services, generator } = processes;
  const pids = { ...services, server, generator };
  const untilMs = async (ms: number): Promise<void> => {
    await delay(Math.max(0, ms - Date.now()));
  };
  await untilMs(time.fromMs + peerLimits.edgeMs);
  const first = usageNow(pids);
  await untilMs(time.fromMs + time.seconds * 1000 - peerLimits.edgeMs);
  const last = usageNow(pids);
  const cores = (part: string): number => {
    const used = (last.cpuSeconds[part] ?? 0) - (first.cpuSeconds[part] ?? 0);
    return used / ((last.atMs - first.atMs) / 1000);
  };
  return {
    server: cores("server"),
    services: Object.keys(services).reduce((sum, part) => sum + cores(part), 0),
    generator: last.cpuSeconds["generator"] === undefined ? null : cores("generator"),
  };
}

/** Cores at a rate are microseconds a request. */
export function loadFigures(answers: AnswerFigures, cores: CoresUsed): LoadFigures {
  const micros = (used: number): number => (used / Math.max(1, answers.requestsPerSecond)) * 1e6;
  return {
    ...answers,
    serverMicros: micros(cores.server),
    servicesMicros: micros(cores.services),
    generatorMicros: cores.generator === null ? null : micros(cores.generator),
  };
}

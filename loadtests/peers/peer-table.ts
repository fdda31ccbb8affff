import { median } from "@tollgate/runtime";
import type { LoadFigures } from "./load-figures.ts";
import { generatorNames, type GeneratorName } from "./load-generator.ts";
import type { PeerResult } from "./measure-peers.ts";

export const peerHeader: readonly string[] = [
  "server",
  "requests/s at 64",
  "p50 ms",
  "p99 ms",
  "CPU µs a request",
  "services' µs",
  "load's own µs",
  "rounds",
  "what",
];

/** What one generator measured, a row for each server. */
export function peerRows(
  results: readonly PeerResult[],
  generator: GeneratorName,
): readonly (readonly string[])[] {
  return results.map(({ name, description, rounds: all, remark }) => {
    const rounds = all[generator];
    const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
    const remarks = [description, failed > 0 ? `${failed} failed` : "", remark].filter((text) => text !== "");
    const value = (of: (round: LoadFigures) => number | null, digits: number): string =>
      medianOf(rounds, of)?.toFixed(digits) ?? "–";
    return [
      name,
      value((round) => round.requestsPerSecond, 0),
      value((round) => round.p50Ms, 1),
      value((round) => round.p99Ms, 1),
      value((round) => round.serverMicros, 0),
      value((round) => round.servicesMicros, 0),
      value((round) => round.generatorMicros, 0),
      String(rounds.length),
      remarks.join("; "),
    ];
  });
}

/** Medians over the rounds, by server; null for what could not be measured. */
export interface GeneratorFigures {
  readonly ratioToFastApi: number | null;
  readonly ratioToEmptyServer: number | null;
  readonly requestsPerSecond: Readonly<Record<string, number | null>>;
  readonly cpuMicros: Readonly<Record<string, number | null>>;
}

/** Those of the first generator that measured anything, and of each by itself. */
export function peerFigures(
  results: readonly PeerResult[],
): GeneratorFigures & { readonly by: Readonly<Partial<Record<GeneratorName, GeneratorFigures>>> } {
  const measured = generatorNames.filter((name) => results.some(({ rounds }) => rounds[name].length > 0));
  const by = Object.fromEntries(measured.map((name) => [name, figuresBy(results, name)]));
  return { ...figuresBy(results, measured[0] ?? "wrk"), by };
}

function figuresBy(results: readonly PeerResult[], generator: GeneratorName): GeneratorFigures {
  const of = (value: (round: LoadFigures) => number): Record<string, number | null> =>
    Object.fromEntries(results.map(({ name, rounds }) => [name, medianOf(rounds[generator], value)]));
  const requestsPerSecond = of((round) => round.requestsPerSecond);
  const ratioTo = (name: string): number | null => {
    const [own, other] = [requestsPerSecond["tollgate"] ?? null, requestsPerSecond[name] ?? null];
    return own === null || other === null ? null : own / other;
  };
  return {
    ratioToFastApi: ratioTo("fastapi"),
    ratioToEmptyServer: ratioTo("empty"),
    requestsPerSecond,
    cpuMicros: of((round) => round.serverMicros),
  };
}

function medianOf(rounds: readonly LoadFigures[], of: (round: LoadFigures) => number | null): number | null {
  const values = rounds.flatMap((round) => of(round) ?? []);
  return values.length === 0 ? null : median(values);
}

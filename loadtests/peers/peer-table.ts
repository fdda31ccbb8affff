import type { PeerResult } from "./measure-peers.ts";
import type { WrkFigures } from "./run-wrk.ts";

export const peerHeader: readonly string[] = [
  "server",
  "requests/s at 64",
  "p50 ms",
  "p99 ms",
  "CPU µs a request",
  "services' µs",
  "rounds",
  "what",
];

export function peerRows(results: readonly PeerResult[]): readonly (readonly string[])[] {
  return results.map(({ name, description, rounds, remark }) => {
    const failed = rounds.reduce((sum, round) => sum + round.failed, 0);
    const remarks = [description, failed > 0 ? `${failed} failed` : "", remark].filter((text) => text !== "");
    const value = (of: (round: WrkFigures) => number, digits: number): string =>
      rounds.length === 0 ? "–" : median(rounds.map(of)).toFixed(digits);
    return [
      name,
      value((round) => round.requestsPerSecond, 0),
      value((round) => round.p50Ms, 1),
      value((round) => round.p99Ms, 1),
      value((round) => round.serverMicros, 0),
      value((round) => round.servicesMicros, 0),
      String(rounds.length),
      remarks.join("; "),
    ];
  });
}

/** Medians over the rounds; null for what could not be measured. */
export function peerFigures(results: readonly PeerResult[]): {
  readonly ratioToFastApi: number | null;
  readonly ratioToEmptyServer: number | null;
  readonly requestsPerSecond: Readonly<Record<string, number | null>>;
  readonly cpuMicros: Readonly<Record<string, number | null>>;
} {
  const of = (value: (round: WrkFigures) => number): Record<string, number | null> =>
    Object.fromEntries(
      results.map(({ name, rounds }) => [name, rounds.length === 0 ? null : median(rounds.map(value))]),
    );
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

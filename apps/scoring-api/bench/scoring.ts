/**
 * The scoring route of one process, with real Redis and Kafka, audit, API key and metrics on, beside an empty
 * `node:http` server under the same client, in alternating rounds; and the batch route.
 */
import { cpus } from "node:os";
import { median, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import type { LoadOrder, LoadResult } from "./load-protocol.ts";
import { processorMicros, withChildren } from "@tollgate/local-stack";
import { startSides, type Sides } from "./start-sides.ts";

const connections = 64;
const batch = { connections: 4, perRequest: 250 };
const goals = { ratioToEmptyServer: 0.5, batchTransactionsPerSecond: 20_000 };

interface Measured {
  readonly result: LoadResult;
  readonly transactions: number;
  /** Processor time of the server for each transaction. */
  readonly serverMicros: number;
  /** The same of everything but the client: server, Redis and Kafka. */
  readonly platformMicros: number;
}

type Kind = "empty" | "score" | "batch";

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 3 : 7;
  const seconds = quick ? 2 : 4;
  await using sides = await startSides();
  const measured: Record<Kind, Measured[]> = { empty: [], score: [], batch: [] };
  for (let round = -2; round < rounds; round += 1) {
    for (const kind of ["empty", "score", "batch"] as const) {
      const one = await measure(sides, kind, { seconds, round: round + 2 });
      // The first two only warm up: V8 compiles, cards get their states.
      if (round >= 0) measured[kind].push(one);
    }
  }
  return resultOf(measured, { rounds, seconds });
}

async function measure(
  sides: Sides,
  kind: Kind,
  options: { readonly seconds: number; readonly round: number },
): Promise<Measured> {
  const server = kind === "empty" ? sides.empty : sides.api;
  const order: LoadOrder = {
    port: server.port,
    path: kind === "batch" ? "/v1/score/batch" : "/v1/score",
    apiKey: sides.apiKey,
    connections: kind === "batch" ? batch.connections : connections,
    perRequest: kind === "batch" ? batch.perRequest : 1,
    seconds: options.seconds,
    round: `${kind.slice(0, 1)}${String(options.round).padStart(8, "0")}`,
  };
  const platform = [server.pid, ...sides.services].flatMap(withChildren);
  const before = { server: familyMicros([server.pid]), platform: familyMicros(platform) };
  const result = await sides.load(order);
  const transactions = result.requests * order.perRequest;
  return {
    result,
    transactions,
    serverMicros: (familyMicros([server.pid]) - before.server) / transactions,
    platformMicros: (familyMicros(platform) - before.platform) / transactions,
  };
}

function familyMicros(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processorMicros(pid), 0);
}

function resultOf(
  measured: Readonly<Record<Kind, readonly Measured[]>>,
  how: { readonly rounds: number; readonly seconds: number },
): BenchResult {
  const of = (kind: Kind, value: (one: Measured) => number): number => median(measured[kind].map(value));
  const rate = (one: Measured): number => one.transactions / one.result.seconds;
  const failed = Object.values(measured)
    .flat()
    .reduce((sum, { result }) => sum + result.failed, 0);
  const figures = {
    ratioToEmptyServer: Number((of("score", rate) / of("empty", rate)).toFixed(3)),
    scoreRequestsPerSecond: Math.round(of("score", rate)),
    emptyRequestsPerSecond: Math.round(of("empty", rate)),
    scoreServerMicros: Math.round(of("score", ({ serverMicros }) => serverMicros)),
    batchTransactionsPerSecond: Math.round(of("batch", rate)),
    batchServerMicros: Number(of("batch", ({ serverMicros }) => serverMicros).toFixed(1)),
    failed,
  };
  const row = (kind: Kind, name: string): readonly string[] => [
    name,
    String(Math.round(of(kind, rate))),
    of(kind, ({ result }) => result.p50Ms).toFixed(1),
    of(kind, ({ result }) => result.p99Ms).toFixed(1),
    of(kind, ({ serverMicros }) => serverMicros).toFixed(1),
    of(kind, ({ platformMicros }) => platformMicros).toFixed(1),
  ];
  const clientMicros = of("empty", ({ result }) => result.clientMicros);
  const { ratioToEmptyServer, batchTransactionsPerSecond } = figures;
  const passed =
    ratioToEmptyServer >= goals.ratioToEmptyServer &&
    batchTransactionsPerSecond >= goals.batchTransactionsPerSecond &&
    failed === 0;
  return {
    table: {
      header: ["side", "transactions/s", "p50 ms", "p99 ms", "µs of the server", "with Redis and Kafka"],
      rows: [
        row("empty", "empty node:http"),
        row("score", "/v1/score"),
        row("batch", `/v1/score/batch of ${batch.perRequest}`),
      ],
    },
    figures,
    passed,
    notes: [
      `medians of ${how.rounds} alternating rounds of ${how.seconds} s at ${connections} connections ` +
        `(batch: ${batch.connections}); ${cpus().length} cores for server, Redis, Kafka and client together`,
      `ratio ${ratioToEmptyServer} (wanted ${goals.ratioToEmptyServer}), batch wanted ` +
        `${goals.batchTransactionsPerSecond}; ${failed} answers were not 200`,
      `the client is bench/load-client.ts: ${clientMicros.toFixed(1)} µs of its own for an empty request`,
    ],
  };
}

// `npm run bench -- parity`: a simulated stream of the default engagement through the real way, then every
// vector computed again from the log alone and compared byte for byte.
import type { BenchOptions, BenchResult } from "@tollgate/runtime";
import { compiled } from "./card-payments.ts";
import { replaySimulated } from "./replay-simulated.ts";
import { runSimulatedWay } from "./simulated-way.ts";

const seed = 20_261_122;

export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const transactions = quick ? 4_000 : 30_000;
  const startMs = Date.parse("2026-06-01T00:00:00Z");
  const { log } = await runSimulatedWay({ compiled, seed, transactions, customers: 100, startMs });
  const fromMs = performance.now();
  const report = await replaySimulated(compiled, log);
  const seconds = (performance.now() - fromMs) / 1_000;
  const { decisions, skewRate } = report;
  const notReplayable = Object.entries(report.notReplayable);
  const missed = notReplayable.reduce((sum, [, count]) => sum + count, 0);
  const figures = {
    skewRate,
    decisions,
    decisionsPerSecond: Math.round(decisions / seconds),
    compared: report.compared,
    notReplayable: missed,
    labels: log.labels.length,
  };
  return {
    table: {
      header: ["figure", "value"],
      rows: [
        ...Object.entries(figures).map(([name, value]) => [name, value.toLocaleString("en")]),
        ...notReplayable.map(([reason, count]) => [`not replayable: ${reason}`, String(count)]),
        ...report.features.map(({ name, differing }) => [`differs: ${name}`, String(differing)]),
      ],
    },
    figures,
    // Some writes of the simulation are made without the scorer's knowing; a few decisions stand between two
    // such events, and which came first is nowhere on record.
    passed: skewRate === 0 && missed <= decisions * 0.005,
    notes: [
      `${compiled.featureSet.size} features, seed ${seed}: 4 scorers, appliers that lag, ` +
        "1 % of appends late, 0.9 % of calls to the store fail, repeated ids and records, delayed labels.",
    ],
  };
}

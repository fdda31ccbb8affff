/** A bench that `npm run bench -- NAME` knows. Its file lies with the package whose promise it measures. */
export interface Bench {
  readonly name: string;
  readonly measures: string;
  /** Path from the repository's root. */
  readonly file: string;
}

export const benches: readonly Bench[] = [
  {
    name: "features",
    measures: "one state update and one vector of the default feature set",
    file: "packages/features/bench/features.ts",
  },
  {
    name: "store",
    measures: "reads of three entities from Redis, beside a plain MGET of the same bytes and beside Feast",
    file: "packages/feature-store/bench/store.ts",
  },
  {
    name: "memory",
    measures: "bytes of Redis for a million cards, merchants and terminals",
    file: "packages/feature-store/bench/memory.ts",
  },
  {
    name: "parity",
    measures: "every vector computed again from the log, against the one that was served",
    file: "packages/feature-replay/bench/parity.ts",
  },
  {
    name: "rebuild",
    measures: "decisions from the log's bytes into the states of a new generation",
    file: "packages/feature-replay/bench/rebuild.ts",
  },
  {
    name: "rebuild-log",
    measures:
      "`features rebuild` from a real Kafka into a real Redis, a big log, Kafka's and Redis' work included",
    file: "apps/features/bench/rebuild-log.ts",
  },
  {
    name: "inference",
    measures: "a row in ONNX Runtime, in the serving thread and in a worker",
    file: "packages/inference/bench/inference.ts",
  },
  {
    name: "swap",
    measures: "model swaps under load: failed calls, latency, memory",
    file: "packages/inference/bench/swap.ts",
  },
  {
    name: "scoring",
    measures: "the scoring and the batch route of one process beside an empty node:http server",
    file: "apps/scoring-api/bench/scoring.ts",
  },
  {
    name: "senders",
    measures: "a request of the simulator's own HTTP sender, and of the typed client",
    file: "apps/simulator/bench/senders.ts",
  },
  {
    name: "statistics",
    measures: "counting a value, each drift measure, the null distributions",
    file: "packages/statistics/bench/statistics.ts",
  },
  {
    name: "drift",
    measures: "counting and judging 100,000 decisions of 40 features, beside Evidently",
    file: "infra/drift-table/bench/drift.ts",
  },
  {
    name: "drift-monitor",
    measures: "processor time of the drift monitor and its PostgreSQL beside 2,000 decisions a second",
    file: "apps/drift-monitor/bench/drift-monitor.ts",
  },
  {
    name: "telemetry",
    measures: "what metrics and traces cost the scoring path",
    file: "packages/scoring/bench/telemetry.ts",
  },
];

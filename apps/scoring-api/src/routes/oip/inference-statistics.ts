import type { FinishedBatch } from "@tollgate/inference";
import type { Clock } from "@tollgate/runtime";
import { apiLimits } from "../../limits.ts";
import { versionOf, type OipModel } from "./oip-model.ts";

/** What this process was asked through the protocol, by version, in the words of its statistics extension. */
export interface InferenceStatistics {
  /** Follows one request, from when it was read. */
  begin(model: OipModel): FollowedRequest;
  /** One entry of `model_stats`. */
  of(model: OipModel): Readonly<Record<string, unknown>>;
}

/** Its steps, in order; `succeeded` or `failed` is the last one. */
export interface FollowedRequest {
  /** The model's input is there. */
  readonly prepared: () => void;
  /** A batch with rows of it has run. */
  readonly ran: (batch: FinishedBatch, waitedMicros: number) => void;
  readonly scored: () => void;
  /** Its answer is there. */
  readonly succeeded: (rows: number) => void;
  readonly failed: () => void;
}

interface Duration {
  count: number;
  ns: number;
}

interface VersionStatistics {
  lastInferenceMs: number;
  rows: number;
  batches: number;
  /** The batch that was counted last: every request in it tells of it. */
  lastBatch: FinishedBatch | undefined;
  readonly byBatchRows: Map<number, Duration>;
  readonly durations: Durations;
}

type Durations = Readonly<
  Record<"success" | "fail" | "queue" | "compute_input" | "compute_infer" | "compute_output", Duration>
>;

const nothing = { count: 0, ns: 0 };

export function createInferenceStatistics(clock: Clock): InferenceStatistics {
  const byVersion = new Map<string, VersionStatistics>();
  const statisticsOf = (model: OipModel): VersionStatistics => {
    // Versions of two names may have the same number.
    const version = `${model.reference.name}@v${versionOf(model)}`;
    const known = byVersion.get(version);
    if (known !== undefined) return known;
    const [oldest] = byVersion.keys();
    if (byVersion.size >= apiLimits.inferenceVersions && oldest !== undefined) byVersion.delete(oldest);
    const fresh = emptyStatistics();
    byVersion.set(version, fresh);
    return fresh;
  };
  return {
    begin: (model) => follow(statisticsOf(model), clock),
    of(model) {
      const { lastInferenceMs, rows, batches, durations, byBatchRows } = statisticsOf(model);
      const bySize = [...byBatchRows].toSorted(([a], [b]) => a - b);
      return {
        name: model.reference.name,
        version: versionOf(model),
        last_inference: lastInferenceMs,
        inference_count: rows,
        execution_count: batches,
        inference_stats: { ...durations, cache_hit: nothing, cache_miss: nothing },
        // Input and output are made for a request, not for a batch.
        batch_stats: bySize.map(([batch_size, compute_infer]) => {
          return { batch_size, compute_input: nothing, compute_infer, compute_output: nothing };
        }),
      };
    },
  };
}

function follow(statistics: VersionStatistics, clock: Clock): FollowedRequest {
  const { durations } = statistics;
  const startMicros = clock.monotonicMicros();
  let preparedMicros = startMicros;
  let scoredMicros = startMicros;
  let queueMicros: number | undefined;
  let modelMicros = 0;
  return {
    prepared: () => void (preparedMicros = clock.monotonicMicros()),
    ran(batch, waitedMicros) {
      queueMicros ??= waitedMicros;
      modelMicros += batch.micros;
      countBatch(statistics, batch);
    },
    scored: () => void (scoredMicros = clock.monotonicMicros()),
    succeeded(rows) {
      const endMicros = clock.monotonicMicros();
      add(durations.success, endMicros - startMicros);
      add(durations.queue, queueMicros ?? 0);
      add(durations.compute_input, preparedMicros - startMicros);
      add(durations.compute_infer, modelMicros);
      add(durations.compute_output, endMicros - scoredMicros);
      statistics.rows += rows;
      statistics.lastInferenceMs = clock.nowMs();
    },
    failed: () => add(durations.fail, clock.monotonicMicros() - startMicros),
  };
}

function countBatch(statistics: VersionStatistics, batch: FinishedBatch): void {
  if (batch === statistics.lastBatch || batch.failed) return;
  statistics.lastBatch = batch;
  statistics.batches += 1;
  const known = statistics.byBatchRows.get(batch.rows);
  const duration = known ?? { count: 0, ns: 0 };
  if (known === undefined) statistics.byBatchRows.set(batch.rows, duration);
  add(duration, batch.micros);
}

function add(duration: Duration, micros: number): void {
  duration.count += 1;
  duration.ns += Math.round(micros * 1000);
}

function emptyStatistics(): VersionStatistics {
  return {
    lastInferenceMs: 0,
    rows: 0,
    batches: 0,
    lastBatch: undefined,
    byBatchRows: new Map(),
    durations: noDurations(),
  };
}

function noDurations(): Durations {
  const zero = (): Duration => ({ count: 0, ns: 0 });
  return {
    success: zero(),
    fail: zero(),
    queue: zero(),
    compute_input: zero(),
    compute_infer: zero(),
    compute_output: zero(),
  };
}

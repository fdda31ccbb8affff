import type { Clock } from "@tollgate/runtime";
import { apiLimits } from "../../limits.ts";
import { versionOf, type OipModel } from "./oip-model.ts";

const stages = ["compute_input", "compute_infer", "compute_output"] as const;
type Stage = (typeof stages)[number];

/** What this process was asked through the protocol, by version, in the words of its statistics extension. */
export interface InferenceStatistics {
  /** Follows one request; `stage` ends a stage, `succeeded` or `failed` the whole. */
  begin(model: OipModel): {
    readonly stage: (stage: Stage) => void;
    readonly succeeded: (rows: number) => void;
    readonly failed: () => void;
  };
  /** One entry of `model_stats`. */
  of(model: OipModel): Readonly<Record<string, unknown>>;
}

interface Duration {
  count: number;
  ns: number;
}

interface VersionStatistics {
  lastInferenceMs: number;
  rows: number;
  requests: number;
  readonly durations: Readonly<Record<"success" | "fail" | Stage, Duration>>;
}

const nothing = { count: 0, ns: 0 };

export function createInferenceStatistics(clock: Clock): InferenceStatistics {
  const byVersion = new Map<string, VersionStatistics>();
  const statisticsOf = (model: OipModel): VersionStatistics => {
    const version = versionOf(model);
    const known = byVersion.get(version);
    if (known !== undefined) return known;
    const [oldest] = byVersion.keys();
    if (byVersion.size >= apiLimits.inferenceVersions && oldest !== undefined) byVersion.delete(oldest);
    const fresh = emptyStatistics();
    byVersion.set(version, fresh);
    return fresh;
  };
  return {
    begin(model) {
      const statistics = statisticsOf(model);
      const { durations } = statistics;
      const startMicros = clock.monotonicMicros();
      let stageMicros = startMicros;
      const add = (duration: Duration, sinceMicros: number): void => {
        duration.count += 1;
        duration.ns += Math.round((clock.monotonicMicros() - sinceMicros) * 1000);
      };
      return {
        stage(stage) {
          add(durations[stage], stageMicros);
          stageMicros = clock.monotonicMicros();
        },
        succeeded(rows) {
          add(durations.success, startMicros);
          statistics.rows += rows;
          statistics.requests += 1;
          statistics.lastInferenceMs = clock.nowMs();
        },
        failed: () => add(durations.fail, startMicros),
      };
    },
    of(model) {
      const { lastInferenceMs, rows, requests, durations } = statisticsOf(model);
      return {
        name: model.reference.name,
        version: versionOf(model),
        last_inference: lastInferenceMs,
        inference_count: rows,
        execution_count: requests,
        inference_stats: { ...durations, queue: nothing, cache_hit: nothing, cache_miss: nothing },
        batch_stats: [],
      };
    },
  };
}

function emptyStatistics(): VersionStatistics {
  const zero = (): Duration => ({ count: 0, ns: 0 });
  return {
    lastInferenceMs: 0,
    rows: 0,
    requests: 0,
    durations: {
      success: zero(),
      fail: zero(),
      compute_input: zero(),
      compute_infer: zero(),
      compute_output: zero(),
    },
  };
}

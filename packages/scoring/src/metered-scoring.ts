import type { FeatureStatus, ModelReference } from "@tollgate/contracts";
import type { StoreObserver } from "@tollgate/feature-store";
import type { InferenceObserver } from "@tollgate/inference";
import type { Logger } from "@tollgate/runtime";
import { catalogue, type Counter, type Histogram, type Telemetry } from "@tollgate/telemetry";
import type { ApplierObserver } from "./log-applier.ts";
import type { ScoringObserver } from "./scoring-plan.ts";

const secondsPerMicro = 1e-6;

/** The way's observer on the metrics catalogue. */
export function meteredScoring(telemetry: Telemetry): ScoringObserver {
  const { metrics } = telemetry;
  const conflicts = metrics.stateConflicts();
  const resumed = metrics.claimsResumed();
  const rejected = metrics.inferenceFailures({ reason: "REJECTED", priority: "champion" });
  const canceled = metrics.inferenceFailures({ reason: "CANCELED", priority: "champion" });
  // Asked for once: a transaction changes twenty series, and each look-up costs as much as five changes.
  const stages = byLabel(catalogue.stageDuration.labels.stage, (stage) => metrics.stageDuration({ stage }));
  const { labels } = catalogue.decisions;
  const decisions = byLabel(labels.outcome, (outcome) =>
    byLabel(labels.source, (source) =>
      byLabel(labels.rung, (rung) => metrics.decisions({ outcome, source, rung })),
    ),
  );
  const entities = new Map<string, EntitySeries>();
  const seriesOf = (entity: string): EntitySeries => {
    const statuses = byLabel(catalogue.featureStatus.labels.status, (status) =>
      metrics.featureStatus({ entity, status }),
    );
    const series = { statuses, age: metrics.featureAge({ entity }) };
    entities.set(entity, series);
    return series;
  };
  // Nearly always the same version: kept beside, as a look-up costs more than the change.
  const latest: { reference?: ModelReference; scores?: Histogram } = {};
  const scoresOf = (reference: ModelReference): Histogram => {
    const { name: model, version } = reference;
    latest.reference = reference;
    latest.scores = metrics.score({ model, version: String(version) });
    return latest.scores;
  };
  return {
    scored(reference, given) {
      const known = latest.reference === reference ? latest.scores : undefined;
      const histogram = known ?? scoresOf(reference);
      for (let row = 0; row < given.length; row += 1) histogram.observe(given[row] ?? Number.NaN);
    },
    stage: (stage, micros) => stages[stage].observe(micros * secondsPerMicro),
    decided: ({ outcome, source, rung }) => decisions[outcome][source][rung].add(),
    degraded: (part) => metrics.degraded({ part }).add(),
    featureStatus: (entity, status) => (entities.get(entity) ?? seriesOf(entity)).statuses[status].add(),
    featureAge: (entity, ageMs) => (entities.get(entity) ?? seriesOf(entity)).age.observe(ageMs / 1000),
    stateConflicts: (count) => conflicts.add(count),
    claimsResumed: (count) => resumed.add(count),
    canceled: (count) => canceled.add(count),
    rejected: (count) => rejected.add(count),
  };
}

interface EntitySeries {
  readonly statuses: Readonly<Record<FeatureStatus, Counter>>;
  readonly age: Histogram;
}

function byLabel<V extends string, H>(values: readonly V[], handle: (value: V) => H): Readonly<Record<V, H>> {
  return Object.fromEntries(values.map((value) => [value, handle(value)])) as Record<V, H>;
}

/** The observer of the log's applier on the metrics catalogue. */
export function meteredApplier(telemetry: Telemetry): ApplierObserver {
  const { metrics } = telemetry;
  const conflicts = metrics.applierConflicts();
  const repetitions = metrics.duplicates({ source: "decision-log" });
  const labelsApplied = metrics.labelsApplied();
  return {
    conflicts: (count) => conflicts.add(count),
    freshness: (entity, milliseconds) => metrics.featureFreshness({ entity }).observe(milliseconds / 1000),
    repetitions: (count) => repetitions.add(count),
    labelsApplied: (count) => labelsApplied.add(count),
  };
}

/**
 * The store's observer on the metrics catalogue, and on the log.
 * @param entities by name: their series begin at 0, so that the first refused row is an increase.
 */
export function meteredStore(
  telemetry: Telemetry,
  logger: Logger,
  entities: readonly string[],
): StoreObserver {
  const { metrics } = telemetry;
  for (const entity of entities) {
    for (const reason of catalogue.featureRowsRefused.labels.reason) {
      metrics.featureRowsRefused({ entity, reason });
    }
  }
  const circuitOpen = metrics.featureStoreCircuitOpen();
  const refused = new Set<string>();
  return {
    rowRefused({ entity, reason }) {
      metrics.featureRowsRefused({ entity, reason }).add();
      // A damaged Redis refuses many: said once for each reason, not for each row.
      const kind = `${entity} ${reason}`;
      if (refused.has(kind)) return;
      refused.add(kind);
      logger.warn("state-rows-refused", { entity, reason });
    },
    circuitChanged(state) {
      circuitOpen.set(state === "closed" ? 0 : 1);
      logger.warn("redis-circuit", { state });
    },
    generationChanged: (generation) => logger.info("store-generation", { generation }),
  };
}

/** The batcher's observer on the metrics catalogue. */
export function meteredInference(telemetry: Telemetry): InferenceObserver {
  const rows = telemetry.metrics.inferenceRows();
  const executions = telemetry.metrics.inferenceExecutions();
  return {
    batchFinished: (batch) => {
      rows.add(batch.rows);
      executions.add();
    },
    callerRejected: ({ reason, priority }) => {
      telemetry.metrics.inferenceFailures({ reason, priority }).add();
    },
  };
}

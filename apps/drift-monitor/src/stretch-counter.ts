import type { DecisionRecord, Label, LabelledTransaction } from "@tollgate/contracts";
import { createDriftCounters, driftLimits, type DriftCounters, type ReferenceProfile } from "@tollgate/drift";
import type { OddityReason } from "./oddity-reasons.ts";
import { observeDecision, observeLabel, type WatchedEngagement } from "./observe.ts";
import type { CountedStretch, Oddity, UnreferencedDay } from "./store/partition-store.ts";
import { nameOf, type ModelVersion, type TileDelta } from "./store/tile-delta.ts";
import type { FoundReference, WatchedModels } from "./watched-models.ts";

/** A decision with its place in the log, for a person. */
export interface PlacedDecision {
  readonly record: DecisionRecord;
  readonly place: string;
}

/** What a stretch of a partition adds, gathered record by record. */
export interface StretchCounter {
  countDecisions(decisions: readonly PlacedDecision[]): Promise<void>;
  countLabel(labelled: LabelledTransaction, decision: DecisionRecord, place: string): Promise<void>;
  /** A label whose transaction the ledger does not know yet. */
  keepWaiting(label: Label): void;
  /** A record that is not what it should be. */
  note(reason: OddityReason, example: string): void;
  result(): Pick<CountedStretch, "newestMs" | "deltas" | "unreferenced" | "oddities" | "waitingLabels">;
}

interface Gathered {
  newestMs: number | null;
  readonly counters: Map<string, { readonly model: ModelVersion; readonly counters: DriftCounters }>;
  readonly unreferenced: Map<string, UnreferencedDay>;
  readonly oddities: Map<OddityReason, Oddity>;
  readonly waitingLabels: Map<string, Label>;
}

const dayMs = 86_400_000;

interface StretchParts {
  readonly models: WatchedModels;
  readonly engagement: WatchedEngagement;
  /** Wall clock: event times beyond it are a clock's fault. */
  readonly nowMs: number;
}

export function createStretchCounter(parts: StretchParts): StretchCounter {
  const { models, engagement } = parts;
  const gathered: Gathered = {
    newestMs: null,
    counters: new Map(),
    unreferenced: new Map(),
    oddities: new Map(),
    waitingLabels: new Map(),
  };
  const note = (reason: OddityReason, example: string): void => addOddity(gathered, reason, example);
  return {
    note,
    async countDecisions(decisions) {
      // Looked up before and not at each decision: a promise of each would cost as much as counting it.
      const compared = await comparisonsOf(decisions, models);
      const timed = decisions.map((decision) => ({ ...decision, ...timesOf(decision, parts) }));
      for (const [name, { model, found }] of compared) {
        const own = timed.filter(({ record }) => comparisonOf(record) === name);
        if (found.ok) countersOf(gathered, model, found.profile).expect(newestOf(own));
      }
      for (const decision of timed) countDecision(parts, gathered, { ...decision, compared });
    },
    async countLabel(labelled, decision, place) {
      const model = decision.model ?? (await models.incumbent());
      const found = model === undefined ? undefined : await models.referenceOf(model);
      if (model === undefined || found?.ok !== true) {
        note(
          "label-of-unreferenced-model",
          `${place} of ${model === undefined ? "no model" : nameOf(model)}`,
        );
        return;
      }
      const observation = observeLabel(labelled, decision, found.profile, engagement);
      const result = countersOf(gathered, model, found.profile).countLabel(observation, parts.nowMs);
      if (result !== "counted") note(`label-${result}`, `${place}: labelled at ${labelled.label.labelledAt}`);
    },
    keepWaiting(label) {
      gathered.waitingLabels.set(label.labelId, label);
    },
    result: () => ({
      newestMs: gathered.newestMs,
      deltas: deltasOf(gathered),
      unreferenced: [...gathered.unreferenced.values()],
      oddities: [...gathered.oddities.values()],
      waitingLabels: [...gathered.waitingLabels.values()],
    }),
  };
}

/** With what decisions of a model version are compared; of `""`, those that no model made. */
type Comparisons = ReadonlyMap<string, { readonly model: ModelVersion; readonly found: FoundReference }>;

async function comparisonsOf(
  decisions: readonly PlacedDecision[],
  models: WatchedModels,
): Promise<Comparisons> {
  const compared = new Map<string, { readonly model: ModelVersion; readonly found: FoundReference }>();
  for (const { record } of decisions) {
    const name = comparisonOf(record);
    if (compared.has(name)) continue;
    const model = record.model ?? (await models.incumbent());
    if (model !== undefined) compared.set(name, { model, found: await models.referenceOf(model) });
  }
  return compared;
}

function comparisonOf({ model }: DecisionRecord): string {
  return model === null ? "" : nameOf(model);
}

interface DecisionTimes {
  readonly occurredAtMs: number;
  /** Its writer's clock or ours, whichever is behind: a replay sees the same. */
  readonly nowMs: number;
  readonly isFuture: boolean;
}

function timesOf({ record }: PlacedDecision, { nowMs: wallMs }: StretchParts): DecisionTimes {
  const nowMs = Math.min(wallMs, Date.parse(record.decidedAt));
  const occurredAtMs = Date.parse(record.occurredAt);
  return { occurredAtMs, nowMs, isFuture: occurredAtMs > nowMs + driftLimits.futureToleranceMs };
}

function newestOf(decisions: readonly DecisionTimes[]): number {
  return decisions.reduce(
    (newest, { occurredAtMs, isFuture }) => (isFuture ? newest : Math.max(newest, occurredAtMs)),
    -Infinity,
  );
}

function countDecision(
  { engagement }: StretchParts,
  gathered: Gathered,
  decision: PlacedDecision & DecisionTimes & { readonly compared: Comparisons },
): void {
  const { record, place, compared, occurredAtMs, nowMs } = decision;
  if (decision.isFuture) {
    const times = `occurred at ${record.occurredAt}, decided at ${record.decidedAt}`;
    addOddity(gathered, "decision-future", `${place}: ${times}`);
    return;
  }
  gathered.newestMs = Math.max(gathered.newestMs ?? -Infinity, occurredAtMs);
  const comparison = compared.get(comparisonOf(record));
  if (comparison === undefined) {
    addOddity(gathered, "no-model", `${place}: no model decided, and no champion is known`);
    return;
  }
  const { model, found } = comparison;
  if (!found.ok) {
    addUnreferenced(gathered, record, model, found.reason);
    return;
  }
  const observation = observeDecision(record, found.profile, engagement);
  if (observation.vectorFault !== undefined)
    addOddity(gathered, `vector-${observation.vectorFault}`, `${place} of ${nameOf(model)}`);
  const result = countersOf(gathered, model, found.profile).count(observation, nowMs);
  if (result !== "counted")
    addOddity(gathered, `decision-${result}`, `${place}: occurred at ${record.occurredAt}`);
}

function addOddity({ oddities }: Gathered, reason: OddityReason, example: string): void {
  oddities.set(reason, { reason, count: (oddities.get(reason)?.count ?? 0) + 1, example });
}

function countersOf({ counters }: Gathered, model: ModelVersion, profile: ReferenceProfile): DriftCounters {
  const known = counters.get(nameOf(model));
  if (known !== undefined) return known.counters;
  const made = {
    model: { name: model.name, version: model.version },
    counters: createDriftCounters(profile),
  };
  counters.set(nameOf(model), made);
  return made.counters;
}

function addUnreferenced(
  gathered: Gathered,
  record: DecisionRecord,
  model: ModelVersion,
  reason: string,
): void {
  const occurredAtMs = Date.parse(record.occurredAt);
  const day = Math.floor(occurredAtMs / dayMs) * dayMs;
  const key = `${nameOf(model)}/${day}`;
  const before = gathered.unreferenced.get(key);
  const counts = {
    approve: before?.approve ?? 0,
    review: before?.review ?? 0,
    decline: before?.decline ?? 0,
  };
  counts[record.outcome] += 1;
  gathered.unreferenced.set(key, {
    model: model.name,
    version: model.version,
    dayMs: day,
    reason,
    ...counts,
  });
  addOddity(gathered, "model-without-reference", reason);
}

function deltasOf({ counters }: Gathered): readonly TileDelta[] {
  return [...counters.values()].flatMap(({ model, counters: counted }) => {
    const tiles = counted.tiles().flatMap(({ key, bytes }) => (bytes === undefined ? [] : [{ key, bytes }]));
    return tiles.length === 0 ? [] : [{ model, tiles }];
  });
}

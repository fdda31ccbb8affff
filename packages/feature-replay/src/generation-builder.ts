import { decodeVector, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { Claim } from "@tollgate/feature-store";
import { createRepetitionWindow, type RepetitionWindow } from "@tollgate/scoring";
import { acceptedTransaction } from "./accepted-transaction.ts";
import { decisionReader, readLabelled, readWholeDecision, type CountedDecision } from "./decision-text.ts";
import { replayLimits } from "./limits.ts";
import type { LogRecord, LogSink } from "./log-source.ts";
import type { CacheAddress, CachedState, StateCache } from "./state-cache.ts";

/** Applies a log to the states of a new generation. */
export interface GenerationBuilder extends LogSink {
  /** Records applied or passed over so far. */
  readonly records: number;
  /** Of these, no decisions or labels of this engagement: passed over, as the live applier does. */
  readonly unreadable: number;
}

interface Event<T extends BaseTransaction> {
  readonly offset: number;
  readonly decision: CountedDecision;
  readonly transaction: T;
  /** For each entity of the feature set. */
  readonly keys: readonly string[];
  readonly claim: Claim | undefined;
}

export interface BuilderOptions {
  /** Decisions made after this leave a claim with their card, so that a repeated id is still recognised. */
  readonly claimsFromMs: number;
}

export function createGenerationBuilder<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  cache: StateCache<T>,
  options: BuilderOptions,
): GenerationBuilder {
  const read = eventReader(compiled, cache, options);
  const windows = new Map<number, RepetitionWindow>();
  let records = 0;
  let unreadable = 0;
  return {
    get records() {
      return records;
    },
    get unreadable() {
      return unreadable;
    },
    async decisions(partition, batch) {
      const window = windows.get(partition) ?? createRepetitionWindow(0, compiled.partitionEntity.name);
      windows.set(partition, window);
      for (let from = 0; from < batch.length; from += replayLimits.appliedTogether) {
        const events: Event<T>[] = [];
        for (const record of batch.slice(from, from + replayLimits.appliedTogether)) {
          const event = read(record);
          if (event === undefined) unreadable += 1;
          else if (!window.isRepetition(record.offset, event.decision)) events.push(event);
        }
        await fetchMissing(cache, events);
        for (const event of events) applyEvent(cache, partition, event);
      }
      records += batch.length;
      await cache.trim();
    },
    async labels(batch) {
      const applied = await applyLabels(compiled, cache, batch);
      unreadable += batch.length - applied;
      records += batch.length;
      await cache.trim();
    },
  };
}

/** Undefined for what is no decision of this engagement. */
function eventReader<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  { entities }: StateCache<T>,
  { claimsFromMs }: BuilderOptions,
): (record: LogRecord) => Event<T> | undefined {
  const readDecision = decisionReader(compiled.partitionEntity.name);
  const claimsFrom = new Date(claimsFromMs).toISOString();
  return (record) => {
    const decision = readDecision(record.value);
    const transaction =
      decision === undefined ? undefined : acceptedTransaction(compiled, decision.transaction);
    if (decision === undefined || transaction?.id !== decision.transactionId) return undefined;
    const claim = decision.decidedAt >= claimsFrom ? claimOf(record) : undefined;
    const keys = entities.map((entity) => entity.key(transaction));
    return { offset: record.offset, decision, transaction, keys, claim };
  };
}

function claimOf(record: LogRecord): Claim | undefined {
  const decision = readWholeDecision(record.value);
  if (decision === undefined) return undefined;
  const { vector, featureSet, decidedAt, statesRead } = decision;
  return { claimedAtMs: Date.parse(decidedAt), featureSet, vector: decodeVector(vector), statesRead };
}

/** @param moves a key for each entity; undefined for an entity that is not moved on. */
async function fetchMissing<T extends BaseTransaction>(
  cache: StateCache<T>,
  moves: readonly { readonly keys: readonly (string | undefined)[] }[],
): Promise<void> {
  const missing = new Map<string, CacheAddress>();
  for (const { keys: own } of moves) {
    for (let entity = 0; entity < own.length; entity += 1) {
      const key = own[entity];
      if (key !== undefined && cache.get(entity, key) === null)
        missing.set(`${entity}\0${key}`, { entity, key });
    }
  }
  if (missing.size > 0) await cache.fetch([...missing.values()]);
}

function applyEvent<T extends BaseTransaction>(
  cache: StateCache<T>,
  partition: number,
  event: Event<T>,
): void {
  for (let position = 0; position < cache.entities.length; position += 1) {
    const entity = cache.entities[position];
    const state = cached(cache, position, event.keys[position] ?? "");
    if (entity === undefined) continue;
    entity.apply(state.row.state, event.transaction);
    if (entity.consistency === "streamed") state.row.nextOffsets[partition] = event.offset + 1;
    else if (event.claim !== undefined) {
      (state.claims ??= []).push({ transactionId: event.transaction.id, claim: event.claim });
    }
  }
}

/** Returns how many of the records were labels. */
async function applyLabels<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  cache: StateCache<T>,
  batch: readonly LogRecord[],
): Promise<number> {
  const { entities } = cache;
  const labels = batch.flatMap(({ value }) => {
    const record = readLabelled(value);
    const transaction = record === undefined ? undefined : acceptedTransaction(compiled, record.transaction);
    if (record === undefined || transaction === undefined) return [];
    const keys = entities.map((entity) => (entity.usesLabels ? entity.key(transaction) : undefined));
    return [{ record, transaction, keys }];
  });
  await fetchMissing(cache, labels);
  for (const { record, transaction, keys } of labels) {
    for (const [position, entity] of entities.entries()) {
      if (!entity.usesLabels) continue;
      const { row } = cached(cache, position, keys[position] ?? "");
      // The sequence, and not the place in the topic: a label that stands there twice counts once.
      if (record.sequence < row.nextLabelSequence) continue;
      const { fraud, labelledAt } = record.label;
      entity.applyLabel(row.state, { transaction, fraud, labelledAtMs: Date.parse(labelledAt) });
      row.nextLabelSequence = record.sequence + 1;
    }
  }
  return labels.length;
}

function cached<T extends BaseTransaction>(cache: StateCache<T>, entity: number, key: string): CachedState {
  const state = cache.get(entity, key);
  if (state === null) throw new Error(`the state of entity ${entity} was not fetched`);
  return state;
}

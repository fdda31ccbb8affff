import { answerOf, type BaseTransaction, type DecisionRecord } from "@tollgate/contracts";
import type { FeatureStore, StateRow } from "@tollgate/feature-store";
import { advanceStates, byAddress } from "./advance-states.ts";
import { countedIn } from "./counted-in.ts";
import { countLate } from "./count-late.ts";
import type { LogApplier } from "./log-applier.ts";
import { applyDecision, decisionEvent, streamedAddresses, type DecisionEvent } from "./log-events.ts";
import { createRepetitionWindow, repetitionWindowStart, type RepetitionWindow } from "./repetition-window.ts";

/** Decisions of one partition of the log, in order. */
export interface LoggedDecisions {
  readonly partition: number;
  readonly entries: readonly { readonly offset: number; readonly record: DecisionRecord }[];
  /** Offset of the first record of the batch, readable or not. */
  readonly firstOffset: number;
  /** Offset after the last one. */
  readonly nextOffset: number;
}

export interface DecisionApplier {
  /**
   * Brings a batch into the store, or says where the partition is to be read again from: further back, to
   * know which ids came before, or where the store's own progress stands (another generation took over).
   * @throws when the store is away: the caller brings the same batch again.
   */
  apply(batch: LoggedDecisions): Promise<{ readonly resumeAt: number } | undefined>;
}

/** What is known of a partition that is being read. */
interface PartitionReader {
  window: RepetitionWindow;
  /** Where it was asked to be read from, and how often in vain: the log may have lost those records. */
  asked: { readonly offset: number; readonly times: number } | undefined;
}

/**
 * Applies the log to what derives from it: the states of streamed entities (one write for each entity and
 * batch, with the offset in the row, so that redelivery never counts twice), transactional states that were
 * not written when the score was made, and the index of which decisions the log holds.
 */
export function createDecisionApplier<T extends BaseTransaction>(parts: LogApplier<T>): DecisionApplier {
  const readers = new Map<number, PartitionReader>();
  return {
    async apply(batch) {
      const generation = await parts.store.readGeneration();
      const store = parts.store.inGeneration(generation);
      const next = (await store.readProgress()).get(batch.partition) ?? 0;
      const entity = parts.engagement.partitionEntity.name;
      const known = readers.get(batch.partition);
      const reader = known ?? { window: windowFor(next, entity), asked: undefined };
      readers.set(batch.partition, reader);
      // A new group of consumers begins at the log's beginning, whatever a rebuild has brought in already.
      const needed = repetitionWindowStart(next);
      if (known === undefined && batch.nextOffset < needed) return { resumeAt: needed };
      const resumeAt = whereToRead(reader, { firstOffset: batch.firstOffset, next, entity });
      if (resumeAt !== undefined) return { resumeAt };
      const work = { batch, window: reader.window, next, generation };
      await applyBatch({ ...parts, store }, work);
      await store.writeProgress(batch.partition, Math.max(next, batch.nextOffset), generation);
      return undefined;
    },
  };
}

function windowFor(offset: number, entity: string): RepetitionWindow {
  return createRepetitionWindow(repetitionWindowStart(offset), entity);
}

/** Undefined when the batch can be applied from `next` on, with all that came shortly before known. */
function whereToRead(
  reader: PartitionReader,
  at: { readonly firstOffset: number; readonly next: number; readonly entity: string },
): number | undefined {
  const { firstOffset, next } = at;
  if (!reader.window.judges(next) || reader.window.nextOffset < repetitionWindowStart(next)) {
    reader.window = windowFor(next, at.entity);
  }
  const from = Math.min(next, reader.window.nextOffset);
  if (firstOffset > from && !isLost(reader, from)) return from;
  reader.asked = undefined;
  reader.window.skipTo(firstOffset);
  return undefined;
}

/** Notes that reading from there is asked for; true when that was in vain before: the log starts later. */
function isLost(reader: PartitionReader, offset: number): boolean {
  const times = reader.asked?.offset === offset ? reader.asked.times + 1 : 1;
  reader.asked = { offset, times };
  return times > 2;
}

interface BatchWork {
  readonly batch: LoggedDecisions;
  readonly window: RepetitionWindow;
  /** What lies before it is in the store; it is only noted. */
  readonly next: number;
  readonly generation: number;
}

async function applyBatch<T extends BaseTransaction>(parts: LogApplier<T>, work: BatchWork): Promise<void> {
  const { batch, window } = work;
  const { partition } = batch;
  const events: DecisionEvent<T>[] = [];
  let repetitions = 0;
  for (const { offset, record } of batch.entries) {
    const repeats = window.isRepetition(offset, record);
    if (offset < work.next) continue;
    if (repeats) repetitions += 1;
    else events.push(decisionEvent(parts.engagement, { partition, offset, record }));
  }
  window.skipTo(batch.nextOffset);
  if (repetitions > 0) parts.observer.repetitions(repetitions);
  if (events.length === 0) return;
  await advanceStreamed(parts, events);
  // Counted elsewhere: nowhere, in a generation that is no longer served, or by a build of another layout.
  const here = countedIn({ generation: work.generation, layout: parts.store.layout });
  const late = events.filter(({ record }) => countedIn(record) !== here);
  await countLate(parts, late);
  await indexDecisions(parts.store, events);
}

async function advanceStreamed<T extends BaseTransaction>(
  parts: LogApplier<T>,
  events: readonly DecisionEvent<T>[],
): Promise<void> {
  const { engagement, store, observer, clock } = parts;
  const groups = byAddress<T, DecisionEvent<T>>(events, ({ transaction }) =>
    streamedAddresses(engagement, transaction),
  );
  const advances = groups.map(({ address, events: own }) => ({
    address,
    apply: (row: StateRow): boolean => {
      let changed = false;
      for (const event of own) changed = applyDecision(address.entity, row, event) || changed;
      return changed;
    },
  }));
  await advanceStates(store, advances, (count) => observer.conflicts(count));
  const nowMs = clock.nowMs();
  const ages = events.map(({ record }) => Math.max(0, nowMs - Date.parse(record.decidedAt)));
  for (const entity of engagement.featureSet.entities) {
    if (entity.consistency !== "streamed") continue;
    for (const age of ages) observer.freshness(entity.name, age);
  }
}

/** Usually the scorer has written the decision; what it could not is written here, from the log. */
async function indexDecisions<T extends BaseTransaction>(
  store: FeatureStore<T>,
  events: readonly DecisionEvent<T>[],
): Promise<void> {
  const claims = events.map(({ record }) => ({
    key: record.partitionKey,
    transactionId: record.transactionId,
  }));
  const known = await store.confirmLogged(claims);
  const entries = events
    .filter((_event, position) => known[position] !== true)
    .map(({ record }) => ({
      transactionId: record.transactionId,
      partitionKey: record.partitionKey,
      place: "logged" as const,
      answer: JSON.stringify(answerOf(record)),
    }));
  await store.writeDecisions(entries);
}

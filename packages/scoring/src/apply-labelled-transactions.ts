import type { BaseTransaction, LabelledTransaction } from "@tollgate/contracts";
import type { StateRow } from "@tollgate/feature-store";
import { advanceStates, byAddress } from "./advance-states.ts";
import type { LogApplier } from "./log-applier.ts";
import {
  applyLabelled,
  labelEvent,
  labelledAddresses,
  labelledProgressSlot,
  type LabelEvent,
} from "./log-events.ts";

/** Labelled transactions as they stand in their topic. */
export interface LoggedLabels {
  readonly records: readonly LabelledTransaction[];
  /** Offset of the first record of the batch, readable or not. */
  readonly firstOffset: number;
  /** Offset after the last one. */
  readonly nextOffset: number;
}

export interface LabelApplier {
  /**
   * Brings a batch into the states that count labels, one write for each and batch; the sequence in the row
   * keeps each to once. Or says where the topic is to be read again from.
   * @throws when the store is away: the caller brings the same batch again.
   */
  apply(batch: LoggedLabels): Promise<{ readonly resumeAt: number } | undefined>;
}

export function createLabelApplier<T extends BaseTransaction>(parts: LogApplier<T>): LabelApplier {
  let askedFor: number | undefined;
  let begun = false;
  return {
    async apply(batch) {
      const generation = await parts.store.readGeneration();
      const store = parts.store.inGeneration(generation);
      const next = (await store.readProgress()).get(labelledProgressSlot) ?? 0;
      // Another generation took over that has not got so far; asked for before, the topic has lost it.
      if (batch.firstOffset > next && askedFor !== next) {
        askedFor = next;
        return { resumeAt: next };
      }
      // A new group of consumers begins at the topic's beginning, whatever a rebuild has brought in already.
      const begins = !begun;
      begun = true;
      if (begins && batch.nextOffset < next) return { resumeAt: next };
      await applyRecords({ ...parts, store }, batch.records);
      await store.writeProgress(labelledProgressSlot, Math.max(next, batch.nextOffset), generation);
      return undefined;
    },
  };
}

async function applyRecords<T extends BaseTransaction>(
  parts: LogApplier<T>,
  records: readonly LabelledTransaction[],
): Promise<void> {
  const { engagement, store, observer } = parts;
  const events = records.map((record) => labelEvent(engagement, record));
  const groups = byAddress<T, LabelEvent<T>>(events, ({ transaction }) =>
    labelledAddresses(engagement, transaction),
  );
  const advances = groups.map(({ address, events: own }) => ({
    address,
    apply: (row: StateRow): boolean => {
      let changed = false;
      for (const event of own) changed = applyLabelled(address.entity, row, event) || changed;
      return changed;
    },
  }));
  await advanceStates(store, advances, (count) => observer.conflicts(count));
  observer.labelsApplied(events.length);
}

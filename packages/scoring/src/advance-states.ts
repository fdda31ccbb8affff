import type { BaseTransaction } from "@tollgate/contracts";
import { emptyRow, type FeatureStore, type StateAddress, type StateRow } from "@tollgate/feature-store";
import { scoringLimits } from "./limits.ts";

/** What one state is to go through. */
export interface StateAdvance<T extends BaseTransaction> {
  readonly address: StateAddress<T>;
  /** Moves the row on, in place; false when it holds everything already and need not be written. */
  readonly apply: (row: StateRow) => boolean;
}

/**
 * Moves states on by compare-and-set, one write for each; who lost against another writer tries again on the
 * newer state. Of the writers of one state one always wins, so attempts are bounded by their number.
 * @param store one generation of it.
 * @param onConflicts is told how many states lost, at each attempt.
 */
export async function advanceStates<T extends BaseTransaction>(
  store: FeatureStore<T>,
  advances: readonly StateAdvance<T>[],
  onConflicts: (count: number) => void,
): Promise<void> {
  for (let from = 0; from < advances.length; from += scoringLimits.statesPerTrip) {
    let pending = advances.slice(from, from + scoringLimits.statesPerTrip);
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      if (attempt > scoringLimits.rememberAttempts) throw new Error("states keep changing underneath");
      pending = await tryAdvance(store, pending);
      if (pending.length > 0) onConflicts(pending.length);
    }
  }
}

/** Returns those that another writer changed meanwhile. */
async function tryAdvance<T extends BaseTransaction>(
  store: FeatureStore<T>,
  advances: readonly StateAdvance<T>[],
): Promise<StateAdvance<T>[]> {
  const addresses = advances.map(({ address }) => address);
  const recalled = await store.recall(addresses, []);
  const moved = advances.flatMap((advance, position) => {
    const { entity, key } = advance.address;
    const read = recalled.states[position];
    const row = read?.row ?? emptyRow(entity);
    if (read === undefined || !advance.apply(row)) return [];
    return [{ advance, write: { entity, key, expectedVersion: read.versionBytes, row, claims: [] } }];
  });
  if (moved.length === 0) return [];
  const writes = moved.map(({ write }) => write);
  const written = await store.remember(writes, recalled.generation);
  return moved.filter((_move, position) => written[position] !== true).map(({ advance }) => advance);
}

/** Gathers events under the state that they concern, in order. */
export function byAddress<T extends BaseTransaction, Event>(
  events: readonly Event[],
  addressesOf: (event: Event) => readonly StateAddress<T>[],
): readonly { readonly address: StateAddress<T>; readonly events: readonly Event[] }[] {
  const groups = new Map<string, { readonly address: StateAddress<T>; readonly events: Event[] }>();
  for (const event of events) {
    for (const address of addressesOf(event)) {
      const name = `${address.entity.name}\0${address.key}`;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, { address, events: [event] });
      else group.events.push(event);
    }
  }
  return [...groups.values()];
}

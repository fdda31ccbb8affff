import type { BaseTransaction } from "@tollgate/contracts";
import {
  computeVector,
  usableState,
  type CompiledEntity,
  type EntityState,
  type FeatureSet,
} from "@tollgate/features";

/** A transaction's truth, and when it became known. */
export interface StreamLabel {
  readonly fraud: boolean;
  readonly labelledAtMs: number;
}

/**
 * Computes the vectors of a stream in order of event time, as if every event and label arrived at its own
 * time and at once: for a stream that has no log (simulated, or a file). All states are in memory.
 */
export interface StreamReplay<T extends BaseTransaction> {
  /**
   * Fills the transaction's vector from what was known before it (with the sequence, where it is long enough
   * for that), then moves every entity's state on. Its label moves states on when its time has come.
   */
  next(transaction: T, out: Float32Array, label?: StreamLabel): void;
  /** Entities with a state. */
  readonly entityCount: number;
}

interface Memory<T extends BaseTransaction> {
  readonly entity: CompiledEntity<T>;
  readonly states: Map<string, EntityState>;
}

interface WaitingLabel<T extends BaseTransaction> extends StreamLabel {
  readonly transaction: T;
}

/** The same `compute`, `apply` and `applyLabel` that serve: there is no second definition of a feature. */
export function createStreamReplay<T extends BaseTransaction>(featureSet: FeatureSet<T>): StreamReplay<T> {
  const memories = featureSet.entities.map((entity) => ({ entity, states: new Map<string, EntityState>() }));
  const labelled = memories.filter(({ entity }) => entity.usesLabels);
  const waiting = createLabelQueue<T>();
  return {
    next(transaction, out, label) {
      for (;;) {
        const due = waiting.takeUntil(transaction.occurredAtMs);
        if (due === undefined) break;
        for (const memory of labelled) memory.entity.applyLabel(stateOf(memory, due.transaction), due);
      }
      const states = memories.map(({ entity, states: known }) =>
        usableState(entity, known.get(entity.key(transaction)), transaction.occurredAtMs),
      );
      computeVector(featureSet, transaction, states, out);
      for (const memory of memories) memory.entity.apply(stateOf(memory, transaction), transaction);
      // States count what is believed to be fraud; a label that says otherwise only matters after one.
      if (label?.fraud === true && labelled.length > 0) waiting.add({ ...label, transaction });
    },
    get entityCount() {
      return memories.reduce((count, { states }) => count + states.size, 0);
    },
  };
}

function stateOf<T extends BaseTransaction>({ entity, states }: Memory<T>, transaction: T): EntityState {
  const key = entity.key(transaction);
  const known = states.get(key);
  if (known !== undefined) return known;
  const state = entity.empty();
  states.set(key, state);
  return state;
}

interface LabelQueue<T extends BaseTransaction> {
  add(label: WaitingLabel<T>): void;
  /** The earliest label that was known by then, removed. */
  takeUntil(atMs: number): WaitingLabel<T> | undefined;
}

/** A binary heap by time: labels become known in another order than their transactions happened. */
function createLabelQueue<T extends BaseTransaction>(): LabelQueue<T> {
  const heap: WaitingLabel<T>[] = [];
  const timeAt = (position: number): number => heap[position]?.labelledAtMs ?? Number.POSITIVE_INFINITY;
  const swap = (left: number, right: number): void => {
    const [first, second] = [heap[left], heap[right]];
    if (first === undefined || second === undefined) return;
    heap[left] = second;
    heap[right] = first;
  };
  return {
    add(label) {
      let position = heap.push(label) - 1;
      while (position > 0) {
        const parent = (position - 1) >> 1;
        if (timeAt(parent) <= timeAt(position)) return;
        swap(parent, position);
        position = parent;
      }
    },
    takeUntil(atMs) {
      if (timeAt(0) > atMs) return undefined;
      swap(0, heap.length - 1);
      const taken = heap.pop();
      let position = 0;
      for (;;) {
        const left = 2 * position + 1;
        const child = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
        if (timeAt(child) >= timeAt(position)) return taken;
        swap(position, child);
        position = child;
      }
    },
  };
}

import type { CardPayment } from "@tollgate/engagement-card-payments";
import {
  stateBytes,
  usableState,
  type CompiledEntity,
  type EntityState,
  type FeatureSet,
} from "@tollgate/features";
import type { SimulatedPayment } from "./simulated-row.ts";
import { createTimeQueue, type TimeQueue } from "./time-queue.ts";

/** Everything the features remember, at one moment of a stream. Branches see it and never change it. */
export interface FeatureMemory {
  /** Writes the payment's vector from what was known before it, then remembers it. */
  next(payment: SimulatedPayment, out: Float32Array): void;
  /** A memory of its own that begins as this one is now. This one must not move on while a branch is used. */
  branch(): FeatureMemory;
}

interface EntityMemory {
  readonly entity: CompiledEntity<CardPayment>;
  readonly states: Map<string, EntityState>;
  readonly before: EntityMemory | undefined;
}

type WaitingLabel = {
  readonly fraud: boolean;
  readonly labelledAtMs: number;
  readonly transaction: CardPayment;
};

/**
 * The same `compute`, `apply` and `applyLabel` that serve; states are copied when a branch first touches
 * them.
 */
export function createFeatureMemory(featureSet: FeatureSet<CardPayment>): FeatureMemory {
  const memories = featureSet.entities.map((entity): EntityMemory => ({
    entity,
    states: new Map(),
    before: undefined,
  }));
  return memoryOf(featureSet, memories, createTimeQueue());
}

function memoryOf(
  featureSet: FeatureSet<CardPayment>,
  memories: readonly EntityMemory[],
  labels: TimeQueue<WaitingLabel>,
): FeatureMemory {
  return {
    next({ transaction, label }, out) {
      for (;;) {
        const due = labels.takeUntil(transaction.occurredAtMs);
        if (due === undefined) break;
        for (const memory of memories) {
          if (memory.entity.usesLabels) memory.entity.applyLabel(ownState(memory, due.transaction), due);
        }
      }
      const states = memories.map((memory) =>
        usableState(memory.entity, find(memory, memory.entity.key(transaction)), transaction.occurredAtMs),
      );
      featureSet.compute(transaction, states, out, 0);
      for (const memory of memories) memory.entity.apply(ownState(memory, transaction), transaction);
      if (label?.fraud === true) labels.add(label.labelledAtMs, { ...label, transaction });
    },
    branch: () =>
      memoryOf(
        featureSet,
        memories.map((before) => ({ entity: before.entity, states: new Map(), before })),
        labels.copy(),
      ),
  };
}

function find({ entity, states, before }: EntityMemory, key: string): EntityState | undefined {
  const own = states.get(key);
  if (own !== undefined || before === undefined) return own;
  const earlier = find(before, key);
  if (earlier === undefined) return undefined;
  const copy = entity.empty();
  stateBytes(copy).set(stateBytes(earlier));
  states.set(key, copy);
  return copy;
}

function ownState(memory: EntityMemory, transaction: CardPayment): EntityState {
  const key = memory.entity.key(transaction);
  const known = find(memory, key);
  if (known !== undefined) return known;
  const state = memory.entity.empty();
  memory.states.set(key, state);
  return state;
}

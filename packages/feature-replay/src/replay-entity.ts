import type { BaseTransaction } from "@tollgate/contracts";
import { usableState, versionOf, type CompiledEntity, type EntityState } from "@tollgate/features";
import { stepKinds } from "./entity-order.ts";

/** One step of an entity's life, as an order gives it. */
export interface ReplayStep {
  readonly key: string;
  readonly lane: number;
  readonly epoch: number;
  readonly kind: number;
  /** Of the decision; of a label its sequence. */
  readonly number: number;
  /** That the decision read; null when it read none. */
  readonly version: number | null;
  /** Whether the decision used the state. */
  readonly present: boolean;
  /** Whether the decision's own write may have been made without its knowing. */
  readonly uncertain: boolean;
  readonly wire: string;
  readonly fraud: boolean;
  readonly labelledAtMs: number;
}

/** Why a decision's state cannot be told from the log. */
export type ReplayFault =
  /** The state held events that the log does not have, or was lost and counted anew. */
  | "state-not-in-log"
  /** Two events may have been counted in either order, and the decision stands between them. */
  | "order-unknown";

export interface EntityReplay {
  /** Moves on by one step. Steps of one entity, lane and epoch come one after the other. */
  next(step: ReplayStep): void;
}

/** What becomes of a decision that used this entity's state. `state` is valid during the call only. */
export interface ReplayTarget<T extends BaseTransaction> {
  computed(number: number, transaction: T, state: EntityState): void;
  failed(number: number, fault: ReplayFault): void;
}

interface Life {
  key: string | undefined;
  lane: number;
  epoch: number;
  state: EntityState;
  /** Decisions whose own write may have been made where another event was put, until they are counted too. */
  readonly doubtful: Set<number>;
  /** Decisions that read this version and may have written the next one, and those of the version before. */
  unsure: Set<number>;
  unsureBefore: Set<number>;
  /** The event that made this version. */
  lastEvent: number | undefined;
}

/** Replays the lives of an entity's states, one state in memory at a time. */
export function createEntityReplay<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  fromWire: (wire: unknown) => T,
  target: ReplayTarget<T>,
): EntityReplay {
  const life: Life = {
    key: undefined,
    lane: 0,
    epoch: 0,
    state: entity.empty(),
    doubtful: new Set(),
    unsure: new Set(),
    unsureBefore: new Set(),
    lastEvent: undefined,
  };
  return {
    next(step) {
      if (step.key !== life.key || step.lane !== life.lane || step.epoch !== life.epoch) {
        begin(life, step, entity.empty());
      }
      const transaction = fromWire(JSON.parse(step.wire));
      if (step.kind === stepKinds.label) {
        const { fraud, labelledAtMs } = step;
        entity.applyLabel(life.state, { transaction, fraud, labelledAtMs });
        return;
      }
      if (step.kind !== stepKinds.event) read(life, { step, transaction, entity, target });
      if (step.kind === stepKinds.read) return;
      noteEvent(life, step);
      entity.apply(life.state, transaction);
    },
  };
}

function begin(life: Life, step: ReplayStep, state: EntityState): void {
  life.key = step.key;
  life.lane = step.lane;
  life.epoch = step.epoch;
  life.state = state;
  life.doubtful.clear();
  life.unsure.clear();
  life.unsureBefore.clear();
  life.lastEvent = undefined;
}

function read<T extends BaseTransaction>(
  life: Life,
  at: {
    readonly step: ReplayStep;
    readonly transaction: T;
    readonly entity: CompiledEntity<T>;
    readonly target: ReplayTarget<T>;
  },
): void {
  const { step, transaction, entity, target } = at;
  const held = versionOf(life.state);
  if (step.version === null) {
    const state = usableState(entity, life.state, transaction.occurredAtMs);
    if (state !== null) target.computed(step.number, transaction, state);
    return;
  }
  const fault = faultOf(life, step, held);
  if (step.uncertain && step.version === held) life.unsure.add(step.number);
  if (!step.present) return;
  if (fault === null) target.computed(step.number, transaction, life.state);
  else target.failed(step.number, fault);
}

function faultOf(life: Life, step: ReplayStep, held: number): ReplayFault | null {
  if (step.version !== held) return "state-not-in-log";
  if (life.doubtful.size > 0) return "order-unknown";
  // In a batch the second payment of a card sees the first; when the batch was not written, nobody else did.
  const afterAnother = [...life.unsureBefore].some((number) => number !== life.lastEvent);
  return step.uncertain && afterAnother ? "order-unknown" : null;
}

/**
 * A write that timed out may have been made after all: then its own event stands where another is put. From
 * there until both are in, what the state held cannot be told.
 */
function noteEvent(life: Life, step: ReplayStep): void {
  if (step.kind === stepKinds.event) {
    for (const number of life.unsure) if (number !== step.number) life.doubtful.add(number);
  }
  life.doubtful.delete(step.number);
  const { unsureBefore } = life;
  unsureBefore.clear();
  life.unsureBefore = life.unsure;
  life.unsure = unsureBefore;
  life.lastEvent = step.number;
}

import { compileFeatureSet, type EntityState } from "@tollgate/features";
import type { CardPayment } from "../src/index.ts";
import { handbookFeatureSet } from "../src/handbook-features.ts";

/** A payment of the Handbook's kind, with its truth. */
export interface Sample {
  readonly payment: CardPayment;
  readonly fraud: boolean;
}

/** Labels reach the states seven days after their payment. */
export const labelDelayMs: number = 7 * 24 * 3_600_000;

/** Gives the vector of each payment in turn, of the states before it; the same memory each time. */
export function handbookEngine(): (sample: Sample) => Float32Array {
  const featureSet = compileFeatureSet(handbookFeatureSet);
  const memories = featureSet.entities.map((entity) => ({ entity, states: new Map<string, EntityState>() }));
  const vector = new Float32Array(featureSet.size);
  const frauds: CardPayment[] = [];
  let labelled = 0;
  return ({ payment, fraud }) => {
    for (; ; labelled += 1) {
      const due = frauds[labelled];
      if (due === undefined || due.occurredAtMs + labelDelayMs > payment.occurredAtMs) break;
      const label = { transaction: due, fraud: true, labelledAtMs: due.occurredAtMs + labelDelayMs };
      for (const { entity, states } of memories) {
        const state = states.get(entity.key(due));
        if (state !== undefined) entity.applyLabel(state, label);
      }
    }
    if (fraud) frauds.push(payment);
    const states = memories.map(({ entity, states: known }) => known.get(entity.key(payment)) ?? null);
    featureSet.compute(payment, states, vector, 0);
    for (const [position, { entity, states: known }] of memories.entries()) {
      const state = states[position] ?? entity.empty();
      if (states[position] === null) known.set(entity.key(payment), state);
      if (!entity.apply(state, payment)) throw new Error(`${payment.id} was taken for a duplicate`);
    }
    return vector;
  };
}

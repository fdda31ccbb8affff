import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureSet } from "@tollgate/features";
import type { ReplayFault } from "./replay-entity.ts";
import type { ReplayedDecision } from "./replayed-decision.ts";

/** Training against serving: the vectors that a log's states give again, beside those that were scored. */
export interface SkewReport {
  /** Decisions of the interval. */
  readonly decisions: number;
  /** Of these, compared: computed again, and recorded with the same feature set. */
  readonly compared: number;
  /** Of the compared, those with any byte that differs. */
  readonly differing: number;
  /** `differing / compared`; 0 where nothing was compared. */
  readonly skewRate: number;
  /** Each feature that differs anywhere, the worst first. */
  readonly features: readonly FeatureSkew[];
  /** Decisions whose vector cannot be computed again, by reason. */
  readonly notReplayable: Readonly<Record<ReplayFault, number>>;
  /** Recorded with another feature set: computed again, but there is nothing to compare with. */
  readonly otherFeatureSet: number;
}

export interface FeatureSkew {
  readonly name: string;
  readonly differing: number;
  readonly largestDifference: number;
}

export interface SkewCounter<T extends BaseTransaction> {
  /** Returns false when the decision's vector differs from the recorded one. */
  add(decision: ReplayedDecision<T>): boolean;
  report(): SkewReport;
}

export function createSkewCounter<T extends BaseTransaction>(featureSet: FeatureSet<T>): SkewCounter<T> {
  const differing = new Float64Array(featureSet.size);
  const largest = new Float64Array(featureSet.size);
  const notReplayable: Record<ReplayFault, number> = { "state-not-in-log": 0, "order-unknown": 0 };
  const totals = { decisions: 0, compared: 0, differing: 0, otherFeatureSet: 0 };
  const logged = new Float32Array(featureSet.size);
  const loggedBits = new Uint32Array(logged.buffer);
  const loggedBytes = new Uint8Array(logged.buffer);
  return {
    add(decision) {
      totals.decisions += 1;
      if (decision.fault !== null) {
        notReplayable[decision.fault] += 1;
        return true;
      }
      if (decision.featureSet !== featureSet.hash || decision.logged.length !== loggedBytes.length) {
        totals.otherFeatureSet += 1;
        return true;
      }
      totals.compared += 1;
      loggedBytes.set(decision.logged);
      const bits = new Uint32Array(decision.vector.buffer, decision.vector.byteOffset, featureSet.size);
      let same = true;
      for (let column = 0; column < bits.length; column += 1) {
        if (bits[column] === loggedBits[column]) continue;
        same = false;
        differing[column] = (differing[column] ?? 0) + 1;
        const difference = Math.abs((decision.vector[column] ?? 0) - (logged[column] ?? 0));
        largest[column] = Math.max(largest[column] ?? 0, Number.isNaN(difference) ? 0 : difference);
      }
      if (!same) totals.differing += 1;
      return same;
    },
    report: () => ({
      ...totals,
      skewRate: totals.compared === 0 ? 0 : totals.differing / totals.compared,
      notReplayable: { ...notReplayable },
      features: featureSet.names
        .map((name, column) => ({
          name,
          differing: differing[column] ?? 0,
          largestDifference: largest[column] ?? 0,
        }))
        .filter((feature) => feature.differing > 0)
        .toSorted((left, right) => right.differing - left.differing),
    }),
  };
}

import type { BaseTransaction } from "@tollgate/contracts";
import type { DecisionEntry, FeatureStore } from "@tollgate/feature-store";
import { scoringLimits } from "./limits.ts";

/** Keeps answers for whoever sends the same id again. */
export interface FirstDecisions {
  /**
   * Not waited for: an answer that is lost here, the consumer of the decision log writes again, and until
   * then the claim keeps the transaction from being counted twice.
   */
  keep(entries: readonly DecisionEntry[]): void;
}

/** Writes what came within a few milliseconds in one go, not in a round trip for each request. */
export function writeFirstDecisions<T extends BaseTransaction>(
  store: FeatureStore<T>,
  onLost: (count: number) => void,
): FirstDecisions {
  let waiting: DecisionEntry[] = [];
  const write = (): void => {
    const entries = waiting;
    waiting = [];
    store.writeDecisions(entries).catch(() => onLost(entries.length));
  };
  return {
    keep(entries) {
      if (waiting.length === 0) setTimeout(write, scoringLimits.firstDecisionsGatherMs);
      waiting.push(...entries);
    },
  };
}

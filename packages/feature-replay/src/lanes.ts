import { countedIn, type LoggedDecision } from "@tollgate/scoring";

/** Which states a decision was counted in and read, each by a number of its own. */
export interface Lanes {
  /** Partitions may alternate; each in its order. */
  of(decision: LoggedDecision): {
    /** 0 when it was not counted. */
    readonly counted: number;
    readonly read: number;
  };
}

/**
 * A generation of a layout is a lane. A decision that was not counted does not say its generation: it read
 * the latest that others of its layout and partition were counted in before it.
 */
export function createLanes(): Lanes {
  const numbers = new Map<string, number>();
  const latest = new Map<string, number>();
  const laneOf = (name: string): number => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return number;
  };
  return {
    of({ partition, record: { generation, layout } }) {
      const stream = `${partition}/${layout ?? ""}`;
      const counted = countedIn({ generation, layout });
      const latestGeneration = Math.max(1, latest.get(stream) ?? 1, generation);
      latest.set(stream, latestGeneration);
      const read = countedIn({ generation: generation === 0 ? latestGeneration : generation, layout });
      return { counted: counted === undefined ? 0 : laneOf(counted), read: laneOf(read ?? "") };
    },
  };
}

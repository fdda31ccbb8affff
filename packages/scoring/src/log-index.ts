import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureStore } from "@tollgate/feature-store";
import { within, type Clock } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";

/** Which decisions the log holds, as kept by whoever applies the log to states while it reads. */
export interface LogIndex {
  /**
   * Resolves when the index knows everything that was appended before the call.
   * @throws when it does not catch up within the limit.
   */
  catchUp(limitMs: number): Promise<void>;
  /** Waits, by the clock that the index goes by. */
  pause(milliseconds: number): Promise<void>;
}

export interface LogIndexOptions<T extends BaseTransaction> {
  readonly store: FeatureStore<T>;
  /** Offset that the next record of each partition of the decision log will get. */
  readonly endOffsets: () => Promise<ReadonlyMap<number, bigint>>;
  readonly clock: Clock;
  /** Waits between two looks. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

export function createLogIndex<T extends BaseTransaction>(options: LogIndexOptions<T>): LogIndex {
  return {
    pause: options.pause,
    async catchUp(limitMs) {
      const untilMs = options.clock.nowMs() + limitMs;
      const ends = await within(options.endOffsets(), limitMs, "reading the log's end");
      await waitForIndex(options, ends, untilMs);
    },
  };
}

async function waitForIndex<T extends BaseTransaction>(
  options: LogIndexOptions<T>,
  ends: ReadonlyMap<number, bigint>,
  untilMs: number,
): Promise<void> {
  for (;;) {
    const progress = await options.store.readProgress();
    const behind = [...ends].filter(([partition, end]) => BigInt(progress.get(partition) ?? 0) < end);
    if (behind.length === 0) return;
    if (options.clock.nowMs() > untilMs) {
      const partitions = behind.map(([partition, end]) => `${partition} (of ${end})`).join(", ");
      throw new Error(
        `the index of the decision log is behind in the partitions ${partitions}: ` +
          "is the transaction consumer running? It applies the log to streamed states and indexes it.",
      );
    }
    await options.pause(scoringLimits.logIndexPollMs);
  }
}

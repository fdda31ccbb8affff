import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureStore, StateLayouts } from "@tollgate/feature-store";
import type { Clock, Logger } from "@tollgate/runtime";

/** Whether the states of this build's layout hold what the decision log says. */
export interface BuiltStates {
  /**
   * Throws while they were never built and another layout's were: that one's builds serve from all that is
   * known, this one would serve from nothing. Where nobody has states, unknown ones are served.
   */
  assertServable(): void;
  /** Resolves when they may be served for the first time. */
  readonly servable: Promise<void>;
  /** Looks again, as long as they are not built. Never rejects. */
  look(): Promise<void>;
}

export interface BuiltStatesOptions<T extends BaseTransaction> {
  readonly store: Pick<FeatureStore<T>, "layout" | "readProgress">;
  readonly layouts: Pick<StateLayouts, "built" | "noteBuilt">;
  /** Offset that the next record of each partition of the decision log will get. */
  readonly endOffsets: () => Promise<ReadonlyMap<number, bigint>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `cold`: not built, but served, as there is nothing better. */
type Standing = "unknown" | "built" | "cold" | "missing";

/** Built are states that a rebuild made, that begin with an empty log, or that were applied up to its end. */
export function createBuiltStates<T extends BaseTransaction>(options: BuiltStatesOptions<T>): BuiltStates {
  const { store, logger } = options;
  const { layout } = store;
  const { promise: servable, resolve: serve } = Promise.withResolvers<void>();
  const log: FirstEnd = { offsets: undefined };
  let standing: Standing = "unknown";
  const arrive = (next: Standing, others: readonly string[]): void => {
    if (next === standing) return;
    standing = next;
    if (next === "built") logger.info("states-built", { layout });
    else if (next === "cold") logger.warn("states-cold", { layout });
    else logger.error("states-missing", { layout, others: others.join(",") });
    if (next !== "missing") serve();
  };
  return {
    servable,
    assertServable() {
      if (standing === "built" || standing === "cold") return;
      throw new Error(`the states of layout ${layout} were never built: run "npm run features -- rebuild"`);
    },
    async look() {
      if (standing === "built") return;
      try {
        const built = await options.layouts.built();
        if (built.has(layout)) return arrive("built", []);
        if (await isApplied(options, log)) {
          await options.layouts.noteBuilt(layout, options.clock.nowMs());
          return arrive("built", []);
        }
        // What is served already goes on to be: another layout's first states change nothing.
        if (standing !== "cold") arrive(built.size > 0 ? "missing" : "cold", [...built.keys()]);
      } catch (error) {
        logger.warn("states-not-looked-up", { message: (error as Error).message });
      }
    },
  };
}

/** Where the log ended when it was first asked; undefined while Kafka is away. */
interface FirstEnd {
  offsets: ReadonlyMap<number, bigint> | undefined;
}

async function isApplied<T extends BaseTransaction>(
  { endOffsets, store }: BuiltStatesOptions<T>,
  log: FirstEnd,
): Promise<boolean> {
  log.offsets ??= await endOffsets().catch(() => undefined);
  if (log.offsets === undefined) return false;
  const progress = await store.readProgress();
  return [...log.offsets].every(([partition, end]) => BigInt(progress.get(partition) ?? 0) >= end);
}

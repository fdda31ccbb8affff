import type { StoreObserver } from "@tollgate/feature-store";
import type { Logger } from "@tollgate/runtime";

/** The store's observer on the log. */
export function loggedStore(logger: Logger): StoreObserver {
  const refused = new Set<string>();
  return {
    rowRefused({ entity, reason }) {
      // After a change of features every row is refused once: said once for each reason, not for each row.
      const kind = `${entity} ${reason}`;
      if (refused.has(kind)) return;
      refused.add(kind);
      logger.warn("state-rows-refused", { entity, reason });
    },
    circuitChanged: (state) => logger.warn("redis-circuit", { state }),
    generationChanged: (generation) => logger.info("store-generation", { generation }),
  };
}

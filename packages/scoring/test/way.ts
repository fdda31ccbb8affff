import type { DecisionRecord } from "@tollgate/contracts";
import { compileEngagement, type CompiledEngagement } from "@tollgate/engagement";
import { memoryFeatureStore, type FeatureStore, type StateRow } from "@tollgate/feature-store";
import type { EntityState } from "@tollgate/features";
import type { Clock } from "@tollgate/runtime";
import {
  createDecisionApplier,
  createLogIndex,
  type DecisionApplier,
  type Predictor,
  type ScoringPlan,
  type ServedVersion,
} from "../src/index.ts";
import { silentApplierObserver, silentObserver } from "../src/silent-observer.ts";
import { shopEngagement, type Sale } from "./shop-engagement.ts";

/** A whole way in one process: the memory store, and a log that is an array. */
export interface Way {
  readonly plan: ScoringPlan<Sale>;
  readonly compiled: CompiledEngagement<Sale>;
  readonly store: FeatureStore<Sale>;
  readonly log: DecisionRecord[];
  readonly clock: Clock & { advanceMs(milliseconds: number): void };
  /** Makes the next appends fail as if the outbox were full. */
  failAppends: boolean;
  /** Brings the log into the store, read from `from` on, and from further back where the applier says so. */
  applyLog(from?: number): Promise<void>;
  sale(rest: Partial<Sale> & { readonly id: string }): Sale;
  cardState(cardId: string): Promise<EntityState | null>;
  shopRow(shopId: string): Promise<StateRow | null>;
}

export const startMs: number = Date.UTC(2026, 3, 1, 12);

export const servedVersion: ServedVersion = {
  reference: { name: "test", version: 1, digest: "0".repeat(64) },
  thresholds: { review: 0.9, decline: 0.99 },
};

/** A deterministic score that depends on the whole vector, so that a wrong vector shows. */
export function scoreOf(vector: Float32Array): number {
  let mix = 0;
  for (const [column, value] of vector.entries()) mix += Math.abs(value) * (column + 1);
  return Math.fround((mix % 1000) / 1000);
}

const predictor: Predictor = {
  async predict(vectors) {
    return { version: servedVersion, scores: Float32Array.from(vectors, scoreOf) };
  },
  refusal: () => undefined,
};

export function createWay(overrides: Partial<ScoringPlan<Sale>> = {}): Way {
  const compiled = compileEngagement(shopEngagement);
  const store = overrides.store ?? memoryFeatureStore<Sale>();
  const log: DecisionRecord[] = [];
  const clock = steppingClock();
  const parts = { engagement: compiled, store, clock, observer: silentApplierObserver };
  const applier = createDecisionApplier(parts);
  const way: Way = {
    compiled,
    store,
    log,
    clock,
    failAppends: false,
    plan: {
      engagement: compiled,
      store,
      predictor,
      readsSequence: () => false,
      clock,
      sink: {
        async append(records) {
          if (way.failAppends) throw new Error("the outbox is full");
          log.push(...records);
          return "log";
        },
      },
      firstDecisions: {
        // At once, so that the next call of a test sees it.
        keep: (entries) => void store.writeDecisions(entries).catch(() => undefined),
      },
      logIndex: createLogIndex({
        store,
        clock,
        endOffsets: async () => new Map([[0, BigInt(log.length)]]),
        pause: async (milliseconds) => clock.advanceMs(milliseconds),
      }),
      observer: silentObserver,
      ...overrides,
    },
    async applyLog(from = 0) {
      await readLog(applier, log, from);
    },
    sale: (rest) => ({ ...baseSale, ...rest }),
    async cardState(cardId) {
      const recalled = await store.recall([{ entity: compiled.partitionEntity, key: cardId }], []);
      return recalled.states[0]?.row?.state ?? null;
    },
    async shopRow(shopId) {
      const entity = compiled.featureSet.entities.find(({ name }) => name === "shop");
      if (entity === undefined) throw new Error("no shop");
      return (await store.recall([{ entity, key: shopId }], [])).states[0]?.row ?? null;
    },
  };
  return way;
}

/** As a consumer of partition 0 does: from an offset to the end, and again from where the applier says. */
export async function readLog(
  applier: DecisionApplier,
  log: readonly DecisionRecord[],
  from: number,
): Promise<void> {
  let firstOffset: number | undefined = from;
  while (firstOffset !== undefined) {
    const first: number = firstOffset;
    const entries = log.slice(first).map((record, position) => ({ offset: first + position, record }));
    const batch = { partition: 0, entries, firstOffset: first, nextOffset: log.length };
    firstOffset = (await applier.apply(batch))?.resumeAt;
  }
}

const baseSale: Sale = {
  id: "base",
  occurredAt: new Date(startMs).toISOString(),
  occurredAtMs: startMs,
  amount: 25,
  card: "card-1",
  shop: "shop-1",
};

function steppingClock(): Way["clock"] {
  let offsetMs = 0;
  return {
    nowMs: () => startMs + offsetMs,
    monotonicMicros: () => offsetMs * 1000,
    advanceMs: (milliseconds) => {
      offsetMs += milliseconds;
    },
  };
}

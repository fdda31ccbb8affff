import type { BaseTransaction } from "@tollgate/contracts";
import { stateMemory, type CompiledEntity, type EntityState, type StateMemory } from "@tollgate/features";
import type { StateRow } from "../src/index.ts";

/** A payment by card in a shop. */
export interface Tap extends BaseTransaction {
  readonly card: string;
  readonly shop: string;
}

/** States of 8 float64, of which the first counts: what the store does must not depend on their meaning. */
const stateBytes = 64;

function countingEntity(
  name: "card" | "shop",
  consistency: "transactional" | "streamed",
): CompiledEntity<Tap> {
  const entity = {
    name,
    consistency,
    retentionMs: 86_400_000,
    usesLabels: false,
    layout: { byteLength: stateBytes, hash: name === "card" ? 0xca4d : 0x5409 },
    key: (transaction: Tap): string => transaction[name],
    empty: (memory = stateMemory(stateBytes)) => {
      memory.used += stateBytes;
      return stateBefore(memory);
    },
    apply(state: EntityState) {
      const [version = 0] = state.float64;
      state.float64[0] = version + 1;
    },
    applyLabel(): void {},
  };
  return entity as unknown as CompiledEntity<Tap>;
}

function stateBefore({ float64, used }: StateMemory): EntityState {
  const from = used - stateBytes;
  return {
    float64: new Float64Array(float64.buffer, from, stateBytes / 8),
    int32: new Int32Array(float64.buffer, from, stateBytes / 4),
  };
}

export const card: CompiledEntity<Tap> = countingEntity("card", "transactional");
export const shop: CompiledEntity<Tap> = countingEntity("shop", "streamed");

/** The whole feature set. */
export const taps: readonly CompiledEntity<Tap>[] = [card, shop];

export function tap(position: number): Tap {
  const occurredAtMs = Date.UTC(2026, 0, 1) + position * 1000;
  return { id: `t${position}`, occurredAt: "", occurredAtMs, card: "c1", shop: "s1" };
}

/** How many were counted; 0 where there is no state. */
export function versionIn(row: StateRow | null | undefined): number {
  return row === null || row === undefined ? 0 : (row.state.float64[0] ?? 0);
}

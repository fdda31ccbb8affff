import type { BaseTransaction } from "@tollgate/contracts";
import { compileReducer, type LabelledTransaction } from "./apply-transaction.ts";
import type { EntityDefinition, StateFeature } from "./definition.ts";
import { layoutOf, type EntityLayout } from "./entity-layout.ts";
import { emptyState, headVersion } from "./entity-state.ts";
import type { EntityState, StateMemory } from "./entity-state.ts";
import { compileEntityFeature } from "./evaluate-feature.ts";
import { placedFamilies } from "./tiles.ts";
import { transactionReader } from "./transaction-reading.ts";
import { compileWindowTotals } from "./window-totals.ts";

/** One entity, compiled: how its state is made, read and moved on. */
export interface CompiledEntity<T extends BaseTransaction> {
  readonly name: string;
  readonly consistency: "transactional" | "streamed";
  readonly retentionMs: number;
  readonly layout: EntityLayout<T>;
  /** Whether a feature of it counts labels. */
  readonly usesLabels: boolean;
  key(transaction: T): string;
  /** A state that has seen nothing, in memory that is given or its own. */
  empty(memory?: StateMemory): EntityState;
  /** Remembers a transaction, in place. False, and nothing changed, for one that is still in the ring. */
  apply(state: EntityState, transaction: T): boolean;
  /** Counts a label, in place, each once and when it arrives; does nothing where no feature uses labels. */
  applyLabel(state: EntityState, label: LabelledTransaction<T>): void;
}

/** An entity with the part of the vector that is computed from its state. */
export interface EntityProgram<T extends BaseTransaction> {
  readonly entity: CompiledEntity<T>;
  compute(transaction: T, state: EntityState | null, out: Float32Array, offset: number): void;
}

const dayMs = 86_400_000;

export function compileEntity<T extends BaseTransaction>(
  definition: EntityDefinition<T>,
  features: readonly { readonly column: number; readonly feature: StateFeature<T> }[],
  missing: Float64Array,
): EntityProgram<T> {
  const layout = layoutOf(
    definition,
    features.map(({ feature }) => feature),
  );
  const families = placedFamilies(layout);
  const read = transactionReader(layout);
  const totals = compileWindowTotals(layout, families);
  const parts = { layout, families, totals };
  const evaluators = features.map(({ feature }) => compileEntityFeature(feature, parts));
  const columns = Int32Array.from(features, ({ column }) => column);
  return {
    entity: {
      name: definition.name,
      consistency: definition.consistency,
      retentionMs: definition.retentionDays * dayMs,
      layout,
      usesLabels: layout.usesLabels,
      key: definition.key,
      empty: (memory) => emptyState(layout, memory),
      ...compileReducer(layout, families, read),
    },
    compute(transaction, state, out, offset) {
      const known = state === null || state.float64[headVersion] === 0 ? null : state;
      const reading = read(transaction);
      totals.fill(known, reading.atMs);
      for (let position = 0; position < evaluators.length; position += 1) {
        const column = columns[position] ?? 0;
        const at = offset + column;
        evaluators[position]?.(reading, known, out, at);
        if (Number.isNaN(out[at])) out[at] = missing[column] ?? 0;
      }
    },
  };
}

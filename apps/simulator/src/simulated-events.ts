import type { BaseTransaction, Label } from "@tollgate/contracts";
import type { CompiledEngagement, SimulatedTransaction, SimulationOptions } from "@tollgate/engagement";
import { simulatorLimits } from "./limits.ts";
import type { EventSource, StreamEvent, StreamLabel } from "./stream-event.ts";

export interface SimulatedEventsOptions<T extends BaseTransaction> {
  readonly compiled: CompiledEngagement<T>;
  readonly simulation: SimulationOptions;
  /** Sees every transaction with its truth, before it goes out. */
  readonly watch: ((simulated: SimulatedTransaction<T>) => void) | undefined;
}

/** The engagement's own stream, made as it is needed: it never ends. */
export async function* simulatedEvents<T extends BaseTransaction>(
  options: SimulatedEventsOptions<T>,
): EventSource {
  const { compiled, simulation, watch } = options;
  let chunk: StreamEvent[] = [];
  for (const simulated of compiled.engagement.simulate(simulation)) {
    watch?.(simulated);
    chunk.push(toEvent(compiled, simulated));
    if (chunk.length < simulatorLimits.simulatedChunk) continue;
    yield chunk;
    chunk = [];
  }
}

function toEvent<T extends BaseTransaction>(
  { engagement, partitionEntity }: CompiledEngagement<T>,
  { transaction, pattern, label }: SimulatedTransaction<T>,
): StreamEvent {
  return {
    atMs: transaction.occurredAtMs,
    transactionId: transaction.id,
    key: partitionEntity.key(transaction),
    body: JSON.stringify(engagement.transaction.toWire(transaction)),
    fraud: pattern !== undefined,
    label: label === undefined ? undefined : toLabel(transaction.id, pattern, label),
  };
}

function toLabel(
  transactionId: string,
  pattern: string | undefined,
  { labelledAtMs, source, fraud }: NonNullable<SimulatedTransaction<BaseTransaction>["label"]>,
): StreamLabel {
  const label: Label = {
    labelId: labelIdOf(transactionId),
    transactionId,
    fraud,
    source,
    labelledAt: new Date(labelledAtMs).toISOString(),
    // A cardholder knows that it was not they, not how it was done.
    ...(pattern !== undefined && source !== "customer" ? { pattern } : {}),
  };
  return { atMs: labelledAtMs, label };
}

/** One label a transaction, so its id can be the transaction's: a repeat counts once. */
export function labelIdOf(transactionId: string): string {
  return `${transactionId}:l`;
}

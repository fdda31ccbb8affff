import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";

/** The transaction as the log holds it; undefined for what this engagement cannot have accepted. */
export function acceptedTransaction<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  wire: unknown,
): T | undefined {
  try {
    const transaction = compiled.engagement.transaction.fromWire(wire);
    return transaction.occurredAtMs > 0 ? transaction : undefined;
  } catch {
    return undefined;
  }
}

import type { BaseTransaction, DecisionRecord } from "@tollgate/contracts";
import { decodeJsonValue, type ConsumedBatch } from "@tollgate/event-log";
import { applyDecisionLog, type LogApplier } from "@tollgate/scoring";
import type { Logger } from "@tollgate/runtime";

/**
 * Brings one batch of the decision log into streamed states and the log's index. A record that is not a
 * decision cannot come from the platform: it is named in the log and passed over.
 */
export async function applyDecisions(
  applier: LogApplier<BaseTransaction>,
  batch: ConsumedBatch,
  logger: Logger,
): Promise<void> {
  const entries: { readonly offset: number; readonly record: DecisionRecord }[] = [];
  for (const message of batch.messages) {
    const json = decodeJsonValue(message.value);
    if (json.ok && isDecision(json.value)) {
      entries.push({ offset: Number(message.offset), record: json.value });
      continue;
    }
    logger.error("not-a-decision", { partition: batch.partition, offset: String(message.offset) });
  }
  const last = batch.messages.at(-1);
  if (last === undefined) return;
  const nextOffset = Number(last.offset) + 1;
  await applyDecisionLog(applier, { partition: batch.partition, entries, nextOffset });
}

function isDecision(value: unknown): value is DecisionRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { schema?: unknown }).schema === "tollgate.decision.v1"
  );
}

import type { DecisionRecord } from "@tollgate/contracts";
import { decodeJsonValue, type ConsumedBatch, type HandleResult } from "@tollgate/event-log";
import type { Logger } from "@tollgate/runtime";
import type { DecisionApplier } from "@tollgate/scoring";
import { offsetsOf, resumption } from "./batch-offsets.ts";

/**
 * Brings one batch of the decision log into streamed states and the log's index. A record that is not a
 * decision cannot come from the platform: it is named in the log and passed over.
 */
export async function applyDecisions(
  applier: DecisionApplier,
  batch: ConsumedBatch,
  logger: Logger,
): Promise<HandleResult> {
  const { partition, messages } = batch;
  const entries: { readonly offset: number; readonly record: DecisionRecord }[] = [];
  for (const message of messages) {
    const json = decodeJsonValue(message.value);
    if (json.ok && isDecision(json.value)) {
      entries.push({ offset: Number(message.offset), record: json.value });
      continue;
    }
    logger.error("not-a-decision", { partition, offset: String(message.offset) });
  }
  return resumption(await applier.apply({ partition, entries, ...offsetsOf(batch) }));
}

function isDecision(value: unknown): value is DecisionRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { schema?: unknown }).schema === "tollgate.decision.v1"
  );
}

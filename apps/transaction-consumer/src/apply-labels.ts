import { isLabelledTransaction, type LabelledTransaction } from "@tollgate/contracts";
import { decodeJsonValue, type ConsumedBatch, type HandleResult } from "@tollgate/event-log";
import type { Logger } from "@tollgate/runtime";
import type { LabelApplier } from "@tollgate/scoring";
import { offsetsOf, resumption } from "./batch-offsets.ts";

/**
 * Brings one batch of labelled transactions into the states that count labels. What is none cannot come from
 * the platform: it is named in the log and passed over.
 */
export async function applyLabels(
  applier: LabelApplier,
  batch: ConsumedBatch,
  logger: Logger,
): Promise<HandleResult> {
  const records: LabelledTransaction[] = [];
  for (const message of batch.messages) {
    const json = decodeJsonValue(message.value);
    if (json.ok && isLabelledTransaction(json.value)) records.push(json.value);
    else logger.error("not-a-labelled-transaction", { offset: String(message.offset) });
  }
  return resumption(await applier.apply({ records, ...offsetsOf(batch) }));
}

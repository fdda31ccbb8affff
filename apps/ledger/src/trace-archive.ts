import type { ConsumedBatch } from "@tollgate/event-log";
import type { Tracing } from "@tollgate/telemetry";

/** Ends the traces of the batch's records here: one span for each span that wrote records of it. */
export function traceArchive(
  tracing: Tracing | undefined,
  batch: ConsumedBatch,
  times: { readonly startMicros: number; readonly endMicros: number },
): void {
  if (tracing === undefined) return;
  const seen = new Set<string>();
  for (const { headers } of batch.messages) {
    const parent = headers["traceparent"];
    // The decisions of one request have the same.
    if (parent === undefined || seen.has(String(parent))) continue;
    seen.add(String(parent));
    const attributes = {
      "messaging.destination.name": batch.topic,
      "messaging.batch.message_count": batch.messages.length,
    };
    tracing.archived(headers, { ...times, attributes });
  }
}

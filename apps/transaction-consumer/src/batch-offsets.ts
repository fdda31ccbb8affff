import type { ConsumedBatch, HandleResult } from "@tollgate/event-log";

/** The stretch of the log that a batch covers: a batch is never empty. */
export function offsetsOf(batch: ConsumedBatch): {
  readonly firstOffset: number;
  readonly nextOffset: number;
} {
  const { messages } = batch;
  return {
    firstOffset: Number(messages[0]?.offset ?? 0n),
    nextOffset: Number(messages.at(-1)?.offset ?? -1n) + 1,
  };
}

export function resumption(result: { readonly resumeAt: number } | undefined): HandleResult {
  return result === undefined ? undefined : { resumeAt: BigInt(result.resumeAt) };
}

import { createBackoff } from "./backoff.ts";
import type { BatchConsumerOptions, ConsumedBatch, HandleResult } from "./batch-consumer.ts";
import { consumerLimits } from "./limits.ts";

/**
 * Calls the handler until it succeeds, with heartbeats all along, so that a long or failing batch keeps its
 * partition. `"abandoned"`: the consumer stops or has lost the partition; the batch will come again.
 * @throws the heartbeat's error when the group has gone on without this member.
 */
export async function handleUntilDone(
  batch: ConsumedBatch,
  heartbeat: () => Promise<void>,
  options: BatchConsumerOptions,
): Promise<HandleResult | "abandoned"> {
  const { handle, logger } = options;
  const backoff = createBackoff(consumerLimits.retryFirstMs, consumerLimits.retryLastMs);
  const beats = startHeartbeats(heartbeat, options);
  try {
    while (!batch.abandoned()) {
      try {
        return (await handle(batch)) ?? undefined;
      } catch (error) {
        const { topic, partition } = batch;
        logger.warn("batch-retried", { topic, partition, message: (error as Error).message });
      }
      await pauseUnlessEnded(backoff.nextMs(), batch, beats);
    }
    return "abandoned";
  } finally {
    beats.stop();
  }
}

interface Heartbeats {
  /** The error of a heartbeat that failed; the client must join the group again. */
  failure(): unknown;
  stop(): void;
}

function startHeartbeats(heartbeat: () => Promise<void>, options: BatchConsumerOptions): Heartbeats {
  const sessionMs = options.sessionTimeoutMs ?? consumerLimits.sessionTimeoutMs;
  let failed: unknown;
  const timer = setInterval(
    () => {
      heartbeat().catch((error: unknown) => {
        failed = error;
      });
    },
    Math.floor(sessionMs / 4),
  );
  return {
    failure: () => failed,
    stop: () => clearInterval(timer),
  };
}

const sliceMs = 50;

async function pauseUnlessEnded(limitMs: number, batch: ConsumedBatch, beats: Heartbeats): Promise<void> {
  for (let left = limitMs; left > 0 && !batch.abandoned(); left -= sliceMs) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, sliceMs)));
    const failure = beats.failure();
    if (failure !== undefined) throw failure;
  }
}

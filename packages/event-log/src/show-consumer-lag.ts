import type { Telemetry } from "@tollgate/telemetry";
import type { BatchConsumer } from "./batch-consumer.ts";

/** Puts into the metrics, whenever they are read, how many records the consumer has not handled yet. */
export function showConsumerLag(telemetry: Telemetry, topic: string, consumer: BatchConsumer): void {
  telemetry.beforeRender(() => {
    for (const [partition, lag] of consumer.lag()) {
      telemetry.metrics.consumerLag({ topic, partition: String(partition) }).set(lag);
    }
  });
}

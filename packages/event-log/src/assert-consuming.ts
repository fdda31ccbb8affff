import type { BatchConsumer } from "./batch-consumer.ts";

/** A readiness check. @throws Error when no fetch has completed lately and no batch is in hand. */
export function assertConsuming(consumer: BatchConsumer | undefined): void {
  if (consumer?.healthy() !== true) throw new Error("no fetch from Kafka has completed lately");
}

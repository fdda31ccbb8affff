import type { JsonProducer } from "@tollgate/event-log";
import type { ClientBase } from "pg";
import { driftMonitorLimits } from "./limits.ts";
import { nameOf } from "./store/tile-delta.ts";
import { notePublished, readUnpublished } from "./store/verdict-store.ts";

/**
 * Sends verdicts to their topic, at least once and in the order they were made: what Kafka has acknowledged
 * is noted after it, and a verdict that comes again has the same id.
 */
export async function publishVerdicts(client: ClientBase, producer: JsonProducer): Promise<number> {
  const verdicts = await readUnpublished(client, driftMonitorLimits.publishVerdicts);
  if (verdicts.length === 0) return 0;
  await producer.send(
    verdicts.map((verdict) => ({ key: nameOf(verdict.model), value: JSON.stringify(verdict) })),
    { timeoutMs: driftMonitorLimits.publishTimeoutMs },
  );
  await notePublished(
    client,
    verdicts.map(({ verdictId }) => verdictId),
  );
  return verdicts.length;
}

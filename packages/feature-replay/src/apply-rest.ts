import { randomUUID } from "node:crypto";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  endOffsets,
  runBatchConsumer,
  type BatchConsumerOptions,
  type ConsumedBatch,
} from "@tollgate/event-log";
import type { FeatureStore } from "@tollgate/feature-store";
import type { Clock, Logger } from "@tollgate/runtime";
import {
  createDecisionApplier,
  createLabelApplier,
  labelledProgressSlot,
  silentApplierObserver,
} from "@tollgate/scoring";
import { readLabelled, readWholeDecision } from "./decision-text.ts";
import { ReplayError } from "./errors.ts";
import { replayLimits } from "./limits.ts";

export interface RestParts<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly kafka: BatchConsumerOptions["kafka"];
  readonly topics: { readonly decisions: string; readonly labelledTransactions: string };
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Brings what the log holds beyond the progress of the generation that is now served into it, as the live
 * applier does. That one had handled these records in the old generation; where nothing new comes on a
 * partition it would not look at them again. Both may do it at the same time: each event counts once.
 * @throws ReplayError `REST_NOT_APPLIED` when the end is not reached in time; the live applier goes on.
 */
export async function applyRest<T extends BaseTransaction>(parts: RestParts<T>): Promise<void> {
  const { kafka, topics, store } = parts;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map(await endOffsets(admin, topics.decisions));
    const labelsEnd = (await endOffsets(admin, topics.labelledTransactions)).get(0) ?? 0n;
    ends.set(labelledProgressSlot, labelsEnd);
    const behind = async (): Promise<readonly number[]> => {
      const progress = await store.readProgress();
      return [...ends].filter(([slot, end]) => BigInt(progress.get(slot) ?? 0) < end).map(([slot]) => slot);
    };
    const missing = await behind();
    if (missing.length === 0) return;
    const groupId = `rebuild-rest-${randomUUID()}`;
    const consumers = await startConsumers(parts, groupId, missing);
    try {
      await untilEmpty(behind, parts.clock);
    } finally {
      for (const consumer of consumers) await consumer.stop();
      await admin.deleteGroups([groupId, `${groupId}-labels`]).catch(() => undefined);
    }
  } finally {
    await admin.disconnect();
  }
}

async function untilEmpty(behind: () => Promise<readonly number[]>, clock: Clock): Promise<void> {
  const endMs = clock.monotonicMicros() / 1_000 + replayLimits.restMs;
  for (;;) {
    const slots = await behind();
    if (slots.length === 0) return;
    if (clock.monotonicMicros() / 1_000 > endMs) {
      throw new ReplayError("REST_NOT_APPLIED", `behind in ${slots.join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, replayLimits.restPollMs));
  }
}

type Resume = { readonly resumeAt: bigint } | undefined;

async function startConsumers<T extends BaseTransaction>(
  parts: RestParts<T>,
  groupId: string,
  missing: readonly number[],
): Promise<readonly ReturnType<typeof runBatchConsumer>[]> {
  const { kafka, topics, logger, clock } = parts;
  const started = [];
  const link = { kafka, logger, clock };
  if (missing.some((slot) => slot !== labelledProgressSlot)) {
    const [topic, handle] = [topics.decisions, decisionHandler(parts)];
    started.push(runBatchConsumer({ ...link, topic, groupId, handle }));
  }
  if (missing.includes(labelledProgressSlot)) {
    const [topic, handle] = [topics.labelledTransactions, labelHandler(parts)];
    started.push(runBatchConsumer({ ...link, topic, groupId: `${groupId}-labels`, handle }));
  }
  return started;
}

function decisionHandler<T extends BaseTransaction>(
  parts: RestParts<T>,
): (batch: ConsumedBatch) => Promise<Resume> {
  const applier = createDecisionApplier({ ...parts, observer: silentApplierObserver });
  return async (batch) => {
    const { partition, messages } = batch;
    const entries = messages.flatMap(({ offset, value }) => {
      const record = readWholeDecision(value);
      return record === undefined ? [] : [{ offset: Number(offset), record }];
    });
    return asBigint(await applier.apply({ partition, entries, ...offsetsOf(batch) }));
  };
}

function labelHandler<T extends BaseTransaction>(
  parts: RestParts<T>,
): (batch: ConsumedBatch) => Promise<Resume> {
  const applier = createLabelApplier({ ...parts, observer: silentApplierObserver });
  return async (batch) => {
    const records = batch.messages.flatMap(({ value }) => readLabelled(value) ?? []);
    return asBigint(await applier.apply({ records, ...offsetsOf(batch) }));
  };
}

function offsetsOf(batch: ConsumedBatch): { readonly firstOffset: number; readonly nextOffset: number } {
  const first = Number(batch.messages[0]?.offset ?? 0n);
  return { firstOffset: first, nextOffset: Number(batch.messages.at(-1)?.offset ?? 0n) + 1 };
}

function asBigint(asked: { readonly resumeAt: number } | undefined): Resume {
  return asked === undefined ? undefined : { resumeAt: BigInt(asked.resumeAt) };
}

import { topicNames } from "@tollgate/contracts";
import { createJsonProducer, type JsonProducer } from "@tollgate/event-log";
import {
  adoptPublished,
  asPublisher,
  readLabelledProgress,
  type LabelOutlet,
  type UnpublishedLabel,
} from "@tollgate/ledger-store";
import { ledgerAppLimits } from "./limits.ts";
import { readPublished } from "./read-published.ts";
import type { LedgerParts } from "./run-ledger.ts";

/** Sends labelled transactions to their topic while no other ledger does. */
export interface LabelPublisher {
  /** There is something to publish. */
  wake(): void;
  /** @throws with the reason when labels cannot be published. */
  check(): void;
  /** Gives what is being sent up to the producer's time, then leaves it to the next start. */
  stop(): Promise<void>;
}

interface PublisherState {
  readonly parts: LedgerParts;
  readonly topic: string;
  readonly producer: JsonProducer;
  stopping: boolean;
  /** Why the last attempt failed. */
  failure: Error | undefined;
  /** Ends the pause in which the loop is. */
  endPause: () => void;
}

/**
 * At least once: what Kafka has acknowledged is noted in PostgreSQL after it; a crash between the two repeats
 * the last ones, under the same sequence. In order: one batch at a time, by the holder of a lock.
 */
export function runLabelPublisher(parts: LedgerParts): LabelPublisher {
  const topic = topicNames(parts.config.topicPrefix).labelledTransactions;
  const producer = createJsonProducer({ ...parts, topic });
  const state: PublisherState = {
    parts,
    topic,
    producer,
    stopping: false,
    failure: undefined,
    endPause: () => {},
  };
  const loop = supervise(state);
  return {
    wake: () => state.endPause(),
    check() {
      if (state.failure !== undefined) throw state.failure;
    },
    async stop() {
      state.stopping = true;
      state.endPause();
      await producer.stop();
      await loop;
    },
  };
}

async function supervise(state: PublisherState): Promise<void> {
  const { pool, logger } = state.parts;
  while (!state.stopping) {
    try {
      const published = await asPublisher(pool, (outlet) => publish(outlet, state));
      state.failure = undefined;
      // Another ledger publishes and shows it.
      if (!published) state.parts.telemetry.metrics.labelBacklog().set(0);
    } catch (error) {
      state.failure = error as Error;
      if (!state.stopping) logger.warn("labels-not-published", { message: state.failure.message });
    }
    await pause(state, ledgerAppLimits.publishRetryMs);
  }
}

async function publish(outlet: LabelOutlet, state: PublisherState): Promise<void> {
  await adopt(state);
  state.failure = undefined;
  while (!state.stopping) {
    const labels = await outlet.unpublished();
    const last = labels.at(-1);
    if (last === undefined) {
      await showBacklog(state);
      await pause(state, ledgerAppLimits.publishPollMs);
      continue;
    }
    await state.producer.send(
      labels.map(({ record }) => ({ key: record.label.transactionId, value: JSON.stringify(record) })),
    );
    await outlet.published(last.record.sequence + 1);
    count(labels, state);
    await showBacklog(state);
  }
}

/** Takes over what an earlier database had published, so that no number is given twice. */
async function adopt({ parts, topic }: PublisherState): Promise<void> {
  const { pool, kafka, logger, clock } = parts;
  const progress = await readLabelledProgress(pool);
  const from = progress?.nextToPublish ?? 0;
  const records = await readPublished({ kafka, logger, clock, topic, from });
  const adopted = await adoptPublished(pool, records);
  logger.info("publishing-labels", { from, adopted });
}

function count(labels: readonly UnpublishedLabel[], { parts }: PublisherState): void {
  const { metrics } = parts.telemetry;
  const delay = metrics.labelDelay();
  for (const { record, labelDelayMs } of labels) {
    metrics.labelsPublished({ fraud: record.label.fraud ? "true" : "false" }).add();
    delay.observe(labelDelayMs / 1000);
  }
}

async function showBacklog({ parts }: PublisherState): Promise<void> {
  const progress = await readLabelledProgress(parts.pool);
  if (progress === null) return;
  parts.telemetry.metrics.labelBacklog().set(progress.nextSequence - progress.nextToPublish);
}

async function pause(state: PublisherState, limitMs: number): Promise<void> {
  if (state.stopping) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    state.endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  state.endPause = () => {};
}

import type { TopicNames } from "@tollgate/contracts";
import type { Admin, ITopicConfig, ITopicMetadata, Kafka } from "kafkajs";
import { EventLogError } from "./errors.ts";
import { eventLogLimits } from "./limits.ts";

export interface TopicLayout {
  /**
   * Partitions of every topic: the most consumers of a group that can share the work. The labelled
   * transactions always have one, since their order is one.
   */
  readonly partitions: number;
  readonly replicationFactor: number;
}

/**
 * Creates the topics that are missing; may be called by every app at its start, at the same time.
 * @throws EventLogError `TOPIC_PARTITIONS_DIFFER` when a topic exists with another number of partitions.
 */
export async function ensureTopics(kafka: Kafka, topics: TopicNames, layout: TopicLayout): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const names = Object.values<string>({ ...topics });
    const existing = new Set(await admin.listTopics());
    const missing = names.filter((topic) => !existing.has(topic));
    const refusal = await createMissing(
      admin,
      missing.map((topic) => describe(topic, topics, layout)),
    );
    checkPartitions(await visibleTopics(admin, names, refusal), (topic) =>
      partitionsOf(topic, topics, layout),
    );
  } finally {
    await admin.disconnect();
  }
}

function describe(topic: string, topics: TopicNames, layout: TopicLayout): ITopicConfig {
  // The truth every state is rebuilt from: never deleted.
  const truth = [topics.decisions, topics.labels, topics.labelledTransactions];
  const isTruth = truth.includes(topic);
  return {
    topic,
    numPartitions: partitionsOf(topic, topics, layout),
    replicationFactor: layout.replicationFactor,
    configEntries: isTruth ? [{ name: "retention.ms", value: "-1" }] : [],
  };
}

function partitionsOf(topic: string, topics: TopicNames, layout: TopicLayout): number {
  return topic === topics.labelledTransactions ? 1 : layout.partitions;
}

/** What Kafka had against it: harmless when another app created them in the meantime. */
async function createMissing(admin: Admin, topics: ITopicConfig[]): Promise<unknown> {
  if (topics.length === 0) return undefined;
  try {
    // kafkajs's own wait for leaders fails on a topic that the broker has not heard of yet.
    await admin.createTopics({ topics, waitForLeaders: false });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A created topic reaches the brokers a moment later: asks until every partition has a leader. */
async function visibleTopics(admin: Admin, topics: string[], refusal: unknown): Promise<ITopicMetadata[]> {
  const endMs = performance.now() + eventLogLimits.topicsVisibleMs;
  for (;;) {
    try {
      const existing = new Set(await admin.listTopics());
      const absent = topics.filter((topic) => !existing.has(topic));
      if (absent.length > 0) throw new Error(`Kafka does not show ${absent.join(", ")}`);
      const metadata = await admin.fetchTopicMetadata({ topics });
      const leaderless = metadata.topics.find(({ partitions }) =>
        partitions.some(({ leader }) => leader < 0),
      );
      if (leaderless === undefined) return metadata.topics;
      throw new Error(`${leaderless.name} has a partition without a leader`);
    } catch (error) {
      if (performance.now() > endMs) throw refusal ?? error;
    }
    await new Promise((resolve) => setTimeout(resolve, eventLogLimits.topicsPollMs));
  }
}

function checkPartitions(topics: readonly ITopicMetadata[], wantedOf: (topic: string) => number): void {
  for (const topic of topics) {
    const wanted = wantedOf(topic.name);
    if (topic.partitions.length === wanted) continue;
    const detail = `${topic.name} has ${topic.partitions.length} partitions, it must have ${wanted}`;
    throw new EventLogError("TOPIC_PARTITIONS_DIFFER", detail);
  }
}

import type { TopicNames } from "@tollgate/contracts";
import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { EventLogError } from "./errors.ts";

export interface TopicLayout {
  /** Partitions of every topic: the most consumers of a group that can share the work. */
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
    const existing = new Set(await admin.listTopics());
    const missing = Object.values<string>({ ...topics }).filter((topic) => !existing.has(topic));
    if (missing.length > 0) await createMissing(admin, missing.map((topic) => describe(topic, topics, layout)));
    await checkPartitions(admin, Object.values({ ...topics }), layout.partitions);
  } finally {
    await admin.disconnect();
  }
}

function describe(topic: string, topics: TopicNames, layout: TopicLayout): ITopicConfig {
  // Decisions and labels are the truth every state is rebuilt from: they are never deleted.
  const isTruth = topic === topics.decisions || topic === topics.labels;
  return {
    topic,
    numPartitions: layout.partitions,
    replicationFactor: layout.replicationFactor,
    configEntries: isTruth ? [{ name: "retention.ms", value: "-1" }] : [],
  };
}

async function createMissing(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  try {
    await admin.createTopics({ topics, waitForLeaders: true });
  } catch (error) {
    // Another app may have created them in the meantime.
    const existing = new Set(await admin.listTopics());
    if (!topics.every(({ topic }) => existing.has(topic))) throw error;
  }
}

async function checkPartitions(admin: Admin, topics: string[], wanted: number): Promise<void> {
  const metadata = await admin.fetchTopicMetadata({ topics });
  for (const topic of metadata.topics) {
    if (topic.partitions.length === wanted) continue;
    const detail = `${topic.name} has ${topic.partitions.length} partitions, the setting says ${wanted}`;
    throw new EventLogError("TOPIC_PARTITIONS_DIFFER", detail);
  }
}

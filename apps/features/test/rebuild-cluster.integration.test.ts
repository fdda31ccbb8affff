import { fileURLToPath } from "node:url";
import { readLog } from "@tollgate/event-log";
import { readWholeDecision } from "@tollgate/feature-replay";
import { connectRedis } from "@tollgate/feature-store";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, spawnApp, startRedisCluster, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { startPlatform, type Platform } from "./platform.ts";
import { expectRowsOfLog } from "./rows-of-log.ts";

const entry = fileURLToPath(new URL("../src/features-command.ts", import.meta.url));

/** How many decisions of the log were counted in each generation. */
async function decisionsByGeneration({ kafka, topics }: Platform): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  await readLog({
    kafka,
    logger: silentLogger(),
    clock: systemClock(),
    topic: topics.decisions,
    async handle({ messages }) {
      for (const { value } of messages) {
        const generation = readWholeDecision(value)?.generation ?? -1;
        counts.set(generation, (counts.get(generation) ?? 0) + 1);
      }
    },
  });
  return counts;
}

serviceTest(
  "a Redis Cluster of three is rebuilt while it is scored from, on every node, bit for bit what the log says",
  async ({ kafkaBrokers, kafka, prefix, onTestFinished }) => {
    void kafka; // Asked for so that its topics are deleted after the test.
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    const platform = await startPlatform({ kafkaBrokers, redisUrl: cluster.urls, prefix });
    onTestFinished(() => platform.stop());
    await platform.send(600);
    await platform.publishLabels();
    const before = platform.sent();
    const stopSending = platform.keepSending();
    const rebuild = await spawnApp({
      entry,
      arguments: ["rebuild"],
      environment: {
        TOLLGATE_KAFKA_BROKERS: kafkaBrokers.join(","),
        TOLLGATE_REDIS_URL: cluster.urls,
        TOLLGATE_REDIS_PREFIX: prefix,
        TOLLGATE_TOPIC_PREFIX: prefix,
      },
    });
    expect({ code: await rebuild.exited, logs: rebuild.logs() }).toMatchObject({ code: 0 });
    const switched = platform.sent();
    await until(() => platform.sent() >= switched + 80, { describe: "payments after the switch" });
    await stopSending();
    await platform.settle();
    expect(await platform.store.readGeneration()).toBe(2);
    const counted = await decisionsByGeneration(platform);
    // 0 besides, should a trip to the store have taken too long.
    expect(new Set([0, ...counted.keys()])).toEqual(new Set([0, 1, 2]));
    // More than those from before the rebuild: the old generation went on to serve while it ran.
    expect(counted.get(1)).toBeGreaterThan(before);
    const rows = await expectRowsOfLog(platform, 2);
    const onNodes: number[] = [];
    for (const node of cluster.nodes) {
      const client = await connectRedis(node.url, silentLogger());
      const space = `${prefix}${platform.store.layout}`;
      onNodes.push((await client.keys(`${space}:g2:state:*`)).length);
      expect(await client.keys(`${space}:g1:state:*`)).toEqual([]);
      client.disconnect();
    }
    expect(Math.min(...onNodes)).toBeGreaterThan(0);
    expect(onNodes.reduce((total, count) => total + count, 0)).toBe(rows);
  },
);

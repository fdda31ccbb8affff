import { fileURLToPath } from "node:url";
import { readLog } from "@tollgate/event-log";
import { readWholeDecision } from "@tollgate/feature-replay";
import { silentStoreObserver, type StoreObserver } from "@tollgate/feature-store";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, spawnApp, until, type SpawnedApp } from "@tollgate/testkit";
import { expect } from "vitest";
import { engagement as evolved } from "./evolved-engagement.ts";
import { startPlatform, type Platform } from "./platform.ts";
import { expectRowsOfLog } from "./rows-of-log.ts";

const entry = fileURLToPath(new URL("../src/features-command.ts", import.meta.url));
const evolvedModule = new URL("evolved-engagement.ts", import.meta.url).href;
const batch = 8;
const always = ["--from", "2020-01-01", "--to", "2100-01-01", "--json"];

const test = serviceTest.extend<{
  refused: string[];
  open: (engagement?: typeof evolved) => Promise<Platform>;
  features: (build: "old" | "new", ...args: readonly string[]) => Promise<SpawnedApp>;
}>({
  refused: async ({}, use) => use([]),
  open: async ({ kafkaBrokers, redisUrl, prefix, redis, kafka, refused }, use) => {
    void [redis, kafka]; // Asked for so that what begins with the prefix is deleted after the test.
    const observer: StoreObserver = {
      ...silentStoreObserver,
      rowRefused: ({ entity, reason }) => refused.push(`${entity} ${reason}`),
    };
    const platforms: Platform[] = [];
    await use(async (engagement) => {
      const rest = engagement === undefined ? {} : { engagement };
      const platform = await startPlatform({ kafkaBrokers, redisUrl, prefix, observer, ...rest });
      platforms.push(platform);
      return platform;
    });
    for (const platform of platforms) await platform.stop();
  },
  features: async ({ kafkaBrokers, redisUrl, prefix }, use) => {
    const environment = {
      TOLLGATE_KAFKA_BROKERS: kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: redisUrl,
      TOLLGATE_REDIS_PREFIX: prefix,
      TOLLGATE_TOPIC_PREFIX: prefix,
    };
    await use((build, ...args) => {
      const engagement = build === "new" ? { TOLLGATE_ENGAGEMENT: evolvedModule } : {};
      return spawnApp({ entry, arguments: args, environment: { ...environment, ...engagement } });
    });
  },
});

/** Payments of one stream, a batch to the one, a batch to the other. */
async function sendAlternately(first: Platform, second: Platform, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 2 * batch) {
    await first.score(first.take(batch));
    await second.score(first.take(batch));
  }
}

async function decidedIds({ kafka, topics }: Platform): Promise<readonly string[]> {
  const ids: string[] = [];
  await readLog({
    kafka,
    logger: silentLogger(),
    clock: systemClock(),
    topic: topics.decisions,
    async handle({ messages }) {
      for (const { value } of messages) ids.push(readWholeDecision(value)?.transactionId ?? "");
    },
  });
  return ids;
}

async function figuresOf(app: SpawnedApp): Promise<Readonly<Record<string, unknown>>> {
  expect({ code: await app.exited, logs: app.logs() }).toMatchObject({ code: 0 });
  const last = app.logs().trim().split("\n").at(-1) ?? "{}";
  return (JSON.parse(last) as { figures: Record<string, unknown> }).figures;
}

test("two feature sets score in turn on one log, and the states of each are what the whole log says", async ({
  open,
  refused,
}) => {
  const [before, after] = [await open(), await open(evolved)];
  expect(after.store.layout).not.toBe(before.store.layout);
  await sendAlternately(before, after, 480);
  await before.publishLabels();
  await sendAlternately(before, after, 96);
  await before.settle();
  await after.settle();
  expect(await expectRowsOfLog(before, 1)).toBe(await expectRowsOfLog(after, 1));
  expect(refused).toEqual([]);
});

test("what one build decided and the other is sent again keeps its decision and is decided once", async ({
  open,
}) => {
  const [before, after] = [await open(), await open(evolved)];
  for (const [first, second] of [
    [before, after],
    [after, before],
  ] as const) {
    const payments = before.take(batch);
    const decided = await first.score(payments);
    const ids = payments.map(({ id }) => id);
    await until(async () => !(await second.store.readDecisions(ids)).includes(null), {
      describe: "the decisions to be kept",
    });
    const again = await second.score(payments);
    expect(again.map(({ json }) => json)).toEqual(decided.map(({ json }) => json));
    expect(again.every(({ repeated }) => repeated)).toBe(true);
  }
  await before.settle();
  await after.settle();
  const ids = await decidedIds(before);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(2 * batch);
  await expectRowsOfLog(before, 1);
  await expectRowsOfLog(after, 1);
});

test("a new layout is rebuilt beside the old one, which goes on and is dropped in the end", async ({
  open,
  features,
  refused,
  redis,
  prefix,
}) => {
  const before = await open();
  await before.send(480);
  await before.publishLabels();
  await before.settle();
  const old = before.store.layout;
  const rebuild = await figuresOf(await features("new", "rebuild", "--json"));
  expect(rebuild).toMatchObject({ from: 1, to: 2, records: expect.any(Number) });
  expect(await before.store.readGeneration()).toBe(1);
  await expectRowsOfLog(before, 1);
  const after = await open(evolved);
  expect(rebuild["layout"]).toBe(after.store.layout);
  await expectRowsOfLog(after, 2);
  await sendAlternately(before, after, 160);
  await before.settle();
  await after.settle();
  await expectRowsOfLog(before, 1);
  await expectRowsOfLog(after, 2);
  expect(refused).toEqual([]);
  for (const [build, compared] of [
    ["new", 80],
    ["old", 560],
  ] as const) {
    const skew = await figuresOf(await features(build, "skew", ...always));
    expect(skew).toMatchObject({ decisions: 640, compared, skewRate: 0, otherFeatureSet: 640 - compared });
  }
  await before.stop();
  const own = await features("new", "drop", "--layout", after.store.layout);
  expect(await own.exited).toBe(2);
  expect(own.logs()).toContain("is the layout of this build");
  await figuresOf(await features("new", "drop", "--layout", old, "--json"));
  expect(await redis.keys(`${prefix}${old}:*`)).toEqual([]);
  expect(await redis.hkeys(`${prefix}layouts`)).toEqual([after.store.layout]);
  await expectRowsOfLog(after, 2);
  expect((await redis.keys(`${prefix}decision:*`)).length).toBe(640);
});

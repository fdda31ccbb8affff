import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LabelledTransaction } from "@tollgate/contracts";
import { readLog } from "@tollgate/event-log";
import { readLabelled } from "@tollgate/feature-replay";
import { silentStoreObserver, type StoreObserver } from "@tollgate/feature-store";
import { adoptPublished, createLedgerWriter, migrate } from "@tollgate/ledger-store";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, spawnApp, until, type SpawnedApp } from "@tollgate/testkit";
import { expect } from "vitest";
import { startPlatform, type Platform } from "./platform.ts";
import { expectRowsOfLog } from "./rows-of-log.ts";

const entry = fileURLToPath(new URL("../src/features-command.ts", import.meta.url));

const test = serviceTest.extend<{
  refused: string[];
  platform: Platform;
  features: (...args: readonly string[]) => Promise<SpawnedApp>;
  folder: string;
}>({
  refused: async ({}, use) => use([]),
  platform: async ({ kafkaBrokers, redisUrl, prefix, redis, kafka, refused }, use) => {
    void [redis, kafka]; // Asked for so that what begins with the prefix is deleted after the test.
    const observer: StoreObserver = {
      ...silentStoreObserver,
      rowRefused: ({ entity, reason }) => refused.push(`${entity} ${reason}`),
    };
    const platform = await startPlatform({ kafkaBrokers, redisUrl, prefix, observer });
    await use(platform);
    await platform.stop();
  },
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "tollgate-features-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  features: async ({ kafkaBrokers, redisUrl, postgresUrl, prefix }, use) => {
    const environment = {
      TOLLGATE_KAFKA_BROKERS: kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: redisUrl,
      TOLLGATE_REDIS_PREFIX: prefix,
      TOLLGATE_TOPIC_PREFIX: prefix,
      TOLLGATE_POSTGRES_URL: postgresUrl,
    };
    await use((...args) => spawnApp({ entry, arguments: args, environment }));
  },
});

test("a rebuild under traffic, killed and run again, ends in the very rows that the log says", async ({
  platform,
  features,
  redis,
  prefix,
}) => {
  await platform.send(1_200);
  await platform.publishLabels();
  const stopSending = platform.keepSending();
  const first = await features("rebuild");
  await until(() => first.logs().includes("building generation 2"), { describe: "the rebuild at work" });
  await first.kill("SIGKILL");
  expect(await platform.store.readGeneration()).toBe(1);
  const refused = await features("rebuild");
  expect(await refused.exited).toBe(2);
  expect(refused.logs()).toContain("REBUILD_RUNNING");
  // The lease of the killed one runs out by itself.
  const output = await until(
    async () => {
      const again = await features("rebuild", "--json", "--keep-old");
      return (await again.exited) === 0 ? again.logs() : false;
    },
    { describe: "a rebuild to its end", deadlineMs: 120_000 },
  );
  expect(await platform.store.readGeneration()).toBe(2);
  await platform.send(200);
  await stopSending();
  await platform.settle();
  const rows = await expectRowsOfLog(platform, 2);
  const inRedis = await redis.keys(`${prefix}${platform.store.layout}:g2:state:*`);
  expect(inRedis.length).toBe(rows);
  process.stdout.write(`${platform.sent()} payments, ${rows} rows; ${output.split("\n").at(-2) ?? ""}\n`);
});

test("an emptied store is made anew from the log", async ({ platform, features, redis, prefix }) => {
  await platform.send(600);
  await platform.publishLabels();
  await platform.settle();
  for (const key of await redis.keys(`${prefix}*`)) await redis.unlink(key);
  await platform.send(40);
  const rebuild = await features("rebuild");
  expect({ code: await rebuild.exited, logs: rebuild.logs() }).toMatchObject({ code: 0 });
  await platform.send(40);
  await platform.settle();
  await expectRowsOfLog(platform, 2);
  expect(await redis.keys(`${prefix}${platform.store.layout}:g1:state:*`)).toEqual([]);
});

test("damaged and foreign rows are refused, scoring answers, and a rebuild makes them whole", async ({
  platform,
  features,
  redis,
  prefix,
  refused,
}) => {
  await platform.send(600);
  await platform.publishLabels();
  await platform.settle();
  const keys = (await redis.keys(`${prefix}${platform.store.layout}:g1:state:*`)).toSorted();
  for (const [position, key] of keys.entries()) {
    const row = (await redis.getBuffer(key)) ?? Buffer.alloc(0);
    row.writeUInt8((row.at(-1) ?? 0) ^ 0x40, row.length - 1);
    await redis.set(key, position % 2 === 0 ? row : "a stranger's value ".repeat(5));
  }
  const payments = platform.take(40);
  const scored = await platform.score(payments);
  expect(scored.map(({ answer }) => answer.transactionId)).toEqual(payments.map(({ id }) => id));
  expect(new Set(refused.map((row) => row.split(" ")[1]))).toEqual(new Set(["checksum", "magic"]));
  const rebuild = await features("rebuild");
  expect({ code: await rebuild.exited, logs: rebuild.logs() }).toMatchObject({ code: 0 });
  refused.length = 0;
  await platform.send(40);
  await platform.settle();
  await expectRowsOfLog(platform, 2);
  expect(refused).toEqual([]);
});

test("a store is made anew from the ledger, and goes on from the log where the ledger ends", async ({
  platform,
  features,
  postgres,
}) => {
  await platform.send(600);
  await platform.publishLabels();
  await archive(platform, postgres);
  await platform.send(80);
  await platform.publishLabels();
  const rebuild = await features("rebuild", "--source", "ledger");
  expect({ code: await rebuild.exited, logs: rebuild.logs() }).toMatchObject({ code: 0 });
  expect(await platform.store.readGeneration()).toBe(2);
  await platform.settle();
  await expectRowsOfLog(platform, 2);
});

/** What the ledger's app does of decisions and labels. */
async function archive({ kafka, topics }: Platform, postgres: Parameters<typeof migrate>[0]): Promise<void> {
  const link = { kafka, logger: silentLogger(), clock: systemClock() };
  await migrate(postgres);
  const writer = createLedgerWriter({ pool: postgres, ...link });
  await readLog({
    ...link,
    topic: topics.decisions,
    handle: async (batch) => void (await writer.writeDecisions(batch)),
  });
  const labels: LabelledTransaction[] = [];
  await readLog({
    ...link,
    topic: topics.labelledTransactions,
    async handle({ messages }) {
      labels.push(...messages.flatMap(({ value }) => readLabelled(value) ?? []));
    },
  });
  await adoptPublished(postgres, labels);
}

test("what was scored while the store was rebuilt comes out of the log again, byte for byte", async ({
  platform,
  features,
  folder,
}) => {
  await platform.send(400);
  await platform.publishLabels();
  const stopSending = platform.keepSending();
  const rebuild = await features("rebuild", "--keep-old");
  expect({ code: await rebuild.exited, logs: rebuild.logs() }).toMatchObject({ code: 0 });
  await platform.send(200);
  await stopSending();
  const skew = await features("skew", "--from", "2020-01-01", "--to", "2100-01-01", "--json");
  expect({ code: await skew.exited, logs: skew.logs() }).toMatchObject({ code: 0 });
  const report = JSON.parse(skew.logs().trim().split("\n").at(-1) ?? "{}") as { figures: object };
  expect(report.figures).toMatchObject({
    decisions: platform.sent(),
    compared: platform.sent(),
    skewRate: 0,
  });
  const always = ["--from", "2020-01-01", "--to", "2100-01-01", "--work", folder];
  const out = join(folder, "rows.parquet");
  const exporting = await features("export", ...always, "--out", out, "--json");
  expect({ code: await exporting.exited, logs: exporting.logs() }).toMatchObject({ code: 0 });
  const written = JSON.parse(exporting.logs().trim().split("\n").at(-1) ?? "{}") as { figures: object };
  expect(written.figures).toMatchObject({ rows: platform.sent(), asLogged: 0, leftOut: 0, skewRate: 0 });
  expect((await readFile(out)).subarray(0, 4).toString()).toBe("PAR1");
  const metrics = join(folder, "skew.prom");
  const measured = await features("skew", ...always, "--metrics", metrics);
  expect(await measured.exited).toBe(0);
  expect(await readFile(metrics, "utf8")).toContain(
    'tollgate_feature_skew_ratio{engagement="card-payments"} 0\n',
  );
});

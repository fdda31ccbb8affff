import { until } from "@tollgate/testkit";
import { expect } from "vitest";
import { countedOf, expectedTiles, isFolded, monitorTest as test, storedTiles } from "./monitor-test.ts";
import { messageOf, stream } from "./records.ts";

const patient = { deadlineMs: 120_000 };

test("a monitor killed in mid-stream counts every decision once", async ({
  topics,
  send,
  startMonitor,
  postgres,
}) => {
  const messages = stream({ firstHour: 0, hours: 6, perHour: 500 }).map(messageOf);
  let monitor = await startMonitor();
  const sending = (async () => {
    for (let at = 0; at < messages.length; at += 100)
      await send(topics.decisions, messages.slice(at, at + 100));
  })();
  for (const share of [0.1, 0.5]) {
    await until(async () => (await countedOf(postgres, topics.decisions)) > messages.length * share, {
      describe: `${share} of the decisions counted`,
      ...patient,
    });
    await monitor.kill("SIGKILL");
    monitor = await startMonitor();
  }
  await sending;
  await until(async () => (await countedOf(postgres, topics.decisions)) === messages.length, {
    describe: "all decisions counted",
    ...patient,
  });
  await until(() => isFolded(postgres), { describe: "everything folded", ...patient });
  expect(await storedTiles(postgres)).toEqual(expectedTiles(messages));
});

test("two monitors share the partitions, and come to what one would", async ({
  topics,
  send,
  startMonitor,
  postgres,
  kafka,
  prefix,
}) => {
  await Promise.all([startMonitor(), startMonitor()]);
  const admin = kafka.admin();
  await admin.connect();
  const membersOf = async (): Promise<number> => {
    const { groups } = await admin.describeGroups([`${prefix}.drift.decisions`]);
    const assigned = groups[0]?.members.filter(({ memberAssignment }) => memberAssignment.length > 20) ?? [];
    return groups[0]?.state === "Stable" ? assigned.length : 0;
  };
  await until(async () => (await membersOf()) === 2, { describe: "two members", ...patient });
  await admin.disconnect();
  const messages = stream({ firstHour: 0, hours: 5, perHour: 400 }).map(messageOf);
  for (let at = 0; at < messages.length; at += 200)
    await send(topics.decisions, messages.slice(at, at + 200));
  await until(async () => (await countedOf(postgres, topics.decisions)) === messages.length, {
    describe: "all decisions counted",
    ...patient,
  });
  await until(() => isFolded(postgres), { describe: "everything folded", ...patient });
  expect(await storedTiles(postgres)).toEqual(expectedTiles(messages));
});

test("lost connections to PostgreSQL hold it up, and count nothing twice", async ({
  topics,
  send,
  startMonitor,
  postgres,
}) => {
  const monitor = await startMonitor();
  const messages = stream({ firstHour: 0, hours: 4, perHour: 250 }).map(messageOf);
  for (let at = 0; at < messages.length; at += 100) {
    await send(topics.decisions, messages.slice(at, at + 100));
    await postgres.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tollgate-ledger'",
    );
  }
  const all = { describe: "all decisions counted", ...patient };
  await until(async () => (await countedOf(postgres, topics.decisions)) === messages.length, all);
  await until(() => isFolded(postgres), { describe: "everything folded", ...patient });
  expect(await storedTiles(postgres)).toEqual(expectedTiles(messages));
  expect(monitor.alive()).toBe(true);
});

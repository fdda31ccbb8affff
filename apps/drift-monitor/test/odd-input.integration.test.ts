import type { DriftVerdict } from "@tollgate/contracts";
import { until } from "@tollgate/testkit";
import type { Pool } from "pg";
import { expect } from "vitest";
import {
  addressOf,
  countedOf,
  expectedTiles,
  isFolded,
  monitorTest as test,
  storedTiles,
} from "./monitor-test.ts";
import { decision, fraudLabel, messageOf, stream, streamStartMs } from "./records.ts";
import { profile } from "./test-engagement.ts";

const champion = `${profile.model.name}@v${profile.model.version}`;
const patient = { deadlineMs: 120_000 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function odditiesOf(postgres: Pool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await postgres.query<{ reason: string; count: string }>(
    "select reason, count from drift.oddities",
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, Number(count)]));
}

async function verdictsOf(postgres: Pool, kind: string): Promise<readonly DriftVerdict[]> {
  const { rows } = await postgres.query<{ verdict: DriftVerdict }>(
    "select verdict from drift.verdicts where kind = $1 and segment = 'all' order by model, version, from_at",
    [kind],
  );
  return rows.map(({ verdict }) => verdict);
}

test("what cannot be counted is counted apart, by why, and the rest goes on", async ({
  topics,
  send,
  startMonitor,
  postgres,
}) => {
  const monitor = await startMonitor();
  const good = stream({ firstHour: 0, hours: 1, perHour: 60 }).map(messageOf);
  const one = decision(900, { occurredAtMs: streamStartMs + 1_000 });
  const odd = [
    { key: "k", value: "no JSON" },
    { key: "k", value: Buffer.from([0x22, 0xff, 0x22]) },
    { key: "k", value: JSON.stringify({ ...one, outcome: "maybe" }) },
    messageOf({ ...decision(901, { occurredAtMs: streamStartMs }), vector: "" }),
    messageOf({ ...decision(902, { occurredAtMs: streamStartMs }), featureSet: "another" }),
    messageOf(decision(903, { occurredAtMs: streamStartMs, model: { name: "card-payments", version: 9 } })),
    { ...messageOf(decision(904, { occurredAtMs: Date.now() + 400 * dayMs })) },
    // Sent twice by a producer that was not sure.
    messageOf(one),
    messageOf(one),
  ];
  await send(topics.decisions, [...good.slice(0, 30), ...odd, ...good.slice(30)]);
  const all = { describe: "all records counted", ...patient };
  await until(async () => (await countedOf(postgres, topics.decisions)) === good.length + odd.length, all);
  expect(await odditiesOf(postgres)).toEqual({
    "decision-unreadable": 3,
    "vector-absent": 1,
    "vector-other-feature-set": 1,
    "model-without-reference": 1,
    "decision-future": 1,
    "decision-repeated": 1,
  });
  await until(() => isFolded(postgres), { describe: "everything folded", ...patient });
  const counted = [...good, ...odd.slice(3, 5), messageOf(one)];
  expect(await storedTiles(postgres)).toEqual(expectedTiles(counted));
  const probes = await until(() => addressOf(monitor, "probes"), { describe: "the probes' address" });
  const shown = async (reason: string): Promise<string | undefined> => {
    const metrics = await (await fetch(`${probes}/metrics`)).text();
    return new RegExp(`tollgate_drift_oddities\\{[^}]*reason="${reason}"[^}]*\\} (\\d+)`, "u").exec(
      metrics,
    )?.[1];
  };
  await until(async () => (await shown("decision-unreadable")) === "3", {
    describe: "the metric",
    ...patient,
  });
  // What never was is 0 and not absent, so that an alert sees the first one come.
  expect(await shown("log-gap")).toBe("0");
  expect(monitor.alive()).toBe(true);
});

test("an unknown model version and an empty day are inconclusive, and say why", async ({
  topics,
  send,
  startMonitor,
  postgres,
}) => {
  await startMonitor();
  const unknown = { name: "card-payments", version: 9 };
  await send(topics.decisions, stream({ firstHour: 0, hours: 2, perHour: 20 }).map(messageOf));
  await send(
    topics.decisions,
    stream({ firstHour: 2, hours: 1, perHour: 20 }, { model: unknown }).map(messageOf),
  );
  // Two days later it goes on: the day between is empty.
  await send(topics.decisions, stream({ firstHour: 48, hours: 2, perHour: 20 }).map(messageOf));
  const days = await until(
    async () => {
      const found = await verdictsOf(postgres, "day");
      return found.length >= 3 && found;
    },
    { describe: "two judged days and one of the unknown model", ...patient },
  );
  expect(days.map(({ status }) => status)).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
  expect(days.map(({ verdictId, decisions }) => [verdictId, decisions])).toEqual([
    [`${champion}/all/day/2026-03-02T00:00:00.000Z`, 40],
    [`${champion}/all/day/2026-03-03T00:00:00.000Z`, 0],
    ["card-payments@v9/all/day/2026-03-02T00:00:00.000Z", 20],
  ]);
  expect(days[2]?.explanation).toContain("card-payments@v9 cannot be had from the registry");
});

test("labels meet their decisions; one for nothing is kept until its decision comes", async ({
  topics,
  send,
  startLedger,
  startMonitor,
  postgres,
}) => {
  await Promise.all([startLedger(), startMonitor()]);
  const decisions = stream({ firstHour: 0, hours: 2, perHour: 50 });
  await send(topics.decisions, decisions.map(messageOf));
  const labelledAtMs = streamStartMs + 2 * dayMs;
  await send(
    topics.labels,
    [0, 1, 2, 3, 7_000].map((number) => fraudLabel(number, labelledAtMs)),
  );
  const fromTheFuture = fraudLabel(7_001, Date.now() + 400 * dayMs);
  await send(topics.labels, [{ key: "k", value: "no label" }, fromTheFuture]);
  const waiting = async (): Promise<readonly string[]> => {
    const { rows } = await postgres.query<{ label_id: string }>("select label_id from drift.waiting_labels");
    return rows.map((row) => row.label_id);
  };
  await until(async () => (await countedOf(postgres, topics.labels)) === 7, {
    describe: "seven labels",
    ...patient,
  });
  await until(async () => (await waiting()).join() === "label-7000", { describe: "one waits", ...patient });
  await until(async () => (await countedOf(postgres, topics.labelledTransactions)) === 4, {
    describe: "four labelled transactions",
    ...patient,
  });
  expect(await odditiesOf(postgres)).toEqual({ "label-unreadable": 2 });
  const late = decision(7_000, { occurredAtMs: streamStartMs + 3 * dayMs });
  await send(topics.decisions, [messageOf(late)]);
  await until(async () => (await waiting()).length === 0, { describe: "its decision came", ...patient });
  await until(
    async () => {
      const { rows } = await postgres.query<{ frauds: number }>(
        `select (figures ->> 'frauds')::int as frauds from drift.performance
         where segment = 'all' order by day_ms`,
      );
      return rows[0]?.frauds === 4;
    },
    { describe: "the day's figures know its frauds", ...patient },
  );
});

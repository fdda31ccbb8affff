import { createLedgerReader } from "@tollgate/ledger-store";
import { until } from "@tollgate/testkit";
import { expect } from "vitest";
import { decision, decisions, label } from "./ledger-records.ts";
import { ledgerTest as test } from "./ledger-test.ts";

test("decisions and labels become rows; a label for an unknown transaction is kept", async ({
  topics,
  send,
  startLedger,
  postgres,
}) => {
  await startLedger();
  await send(topics.decisions, decisions(0, 300));
  await send(topics.labels, [label("l-1", "tx-7", true), label("l-2", "tx-unknown", false)]);
  const reader = createLedgerReader(postgres);
  await until(async () => (await reader.counts()).decisions === 300, { describe: "300 decisions" });
  await until(async () => (await reader.counts()).labels === 2, { describe: "2 labels" });
  expect(await reader.counts()).toEqual({ decisions: 300, labels: 2, matchedLabels: 1, unreadable: 0 });
  expect(await reader.findDecision("tx-7")).toEqual(decision(7));
  expect(await reader.findDecision("tx-300")).toBeNull();
});

test("a ledger killed in mid-stream loses nothing and counts nothing twice", async ({
  topics,
  send,
  startLedger,
  postgres,
}) => {
  const reader = createLedgerReader(postgres);
  const first = await startLedger();
  const sending = (async () => {
    for (let batch = 0; batch < 40; batch += 1) await send(topics.decisions, decisions(batch * 100, 100));
  })();
  await until(async () => (await reader.counts()).decisions > 500, { describe: "500 decisions" });
  await first.kill("SIGKILL");
  await sending;
  await startLedger();
  await until(async () => (await reader.counts()).decisions === 4_000, {
    describe: "4,000 decisions",
    deadlineMs: 60_000,
  });
  const { rows } = await postgres.query("select sum(next_offset)::int as taken from consumer_offsets");
  expect(rows).toEqual([{ taken: 4_000 }]);
  expect((await reader.counts()).unreadable).toBe(0);
});

test("records that cannot be read are kept, and the rest goes on", async ({
  topics,
  send,
  startLedger,
  postgres,
}) => {
  await startLedger();
  const withoutId = JSON.stringify({ ...decision(1), transactionId: undefined });
  const withNul = JSON.stringify({ ...decision(2), rulesVersion: "a\u0000b" });
  await send(topics.decisions, [
    ...decisions(10, 5),
    { key: "k", value: "this is not JSON" },
    { key: "k", value: withoutId },
    { key: "k", value: Buffer.from([0x22, 0xff, 0x22]) },
    { key: "k", value: withNul },
    ...decisions(15, 5),
  ]);
  const reader = createLedgerReader(postgres);
  await until(async () => (await reader.counts()).unreadable === 4, { describe: "4 unreadable records" });
  await until(async () => (await reader.counts()).decisions === 10, { describe: "10 decisions" });
  const { rows } = await postgres.query<{ reason: string; value: Buffer }>(
    "select reason, value from unreadable_records order by log_offset",
  );
  expect(rows.map((row) => row.reason)).toEqual([
    "is not JSON",
    "has no transactionId",
    "is not UTF-8 text",
    'invalid byte sequence for encoding "UTF8": 0x00',
  ]);
  expect(rows[3]?.value.toString()).toBe(withNul);
});

test("two ledgers that start at once share the schema and the work", async ({
  topics,
  send,
  startLedger,
  postgres,
}) => {
  await Promise.all([startLedger(), startLedger()]);
  await send(topics.decisions, decisions(0, 1_000));
  const reader = createLedgerReader(postgres);
  await until(async () => (await reader.counts()).decisions === 1_000, { describe: "1,000 decisions" });
});

test("lost connections to PostgreSQL hold it up, and cost nothing", async ({
  topics,
  send,
  startLedger,
  postgres,
}) => {
  const ledger = await startLedger();
  const reader = createLedgerReader(postgres);
  for (let batch = 0; batch < 20; batch += 1) {
    await send(topics.decisions, decisions(batch * 100, 100));
    await postgres.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tollgate-ledger'",
    );
  }
  await until(async () => (await reader.counts()).decisions === 2_000, { describe: "2,000 decisions" });
  expect(ledger.alive()).toBe(true);
});

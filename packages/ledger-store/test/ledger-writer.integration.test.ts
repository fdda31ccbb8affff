import { labelFutureToleranceMs, type DecisionRecord } from "@tollgate/contracts";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest as test, testClock } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  adoptPublished,
  createLedgerReader,
  createLedgerWriter,
  migrate,
  type LogBatch,
} from "../src/index.ts";

const logger = silentLogger();
const clock = testClock(Date.UTC(2026, 2, 9, 12));

test("migrations are applied once, also by two ledgers at the same time", async ({ postgres }) => {
  const applied = await Promise.all([migrate(postgres), migrate(postgres)]);
  expect(applied.flat()).toEqual(["001-ledger.sql", "002-labelled-transactions.sql"]);
});

test("a row that PostgreSQL refuses is kept aside, the rest of its batch is written", async ({
  postgres,
}) => {
  await migrate(postgres);
  const writer = createLedgerWriter({ pool: postgres, logger, clock });
  const good = logBatch(0, 2);
  const refused = Buffer.from(JSON.stringify({ ...decision(2), featureSet: "a\u0000b" }));
  const batch = { ...good, messages: [...good.messages, { offset: 2n, value: refused }] };
  expect(await writer.writeDecisions(batch)).toMatchObject({ written: 2, duplicates: 0, unreadable: 1 });
  expect(await createLedgerReader(postgres).counts()).toMatchObject({ decisions: 2, unreadable: 1 });
});

test("redelivery counts once: records below the stored offset are skipped", async ({ postgres }) => {
  await migrate(postgres);
  const writer = createLedgerWriter({ pool: postgres, logger, clock });
  expect(await writer.writeDecisions(logBatch(0, 10))).toMatchObject({ written: 10, skipped: 0 });
  expect(await writer.writeDecisions(logBatch(5, 10))).toMatchObject({ written: 5, skipped: 5 });
  expect(await writer.writeDecisions(logBatch(0, 15))).toMatchObject({ written: 0, skipped: 15 });
});

test("the same transaction at another place of the log is a duplicate: the first stays", async ({
  postgres,
}) => {
  await migrate(postgres);
  const writer = createLedgerWriter({ pool: postgres, logger, clock });
  await writer.writeDecisions(logBatch(0, 3));
  const again = { ...decision(1), outcome: "decline" };
  const message = { offset: 3n, value: Buffer.from(JSON.stringify(again)) };
  const result = await writer.writeDecisions({ topic: "t", partition: 0, messages: [message] });
  expect(result).toMatchObject({ written: 0, duplicates: 1 });
  expect((await createLedgerReader(postgres).findDecision("tx-1"))?.outcome).toBe("approve");
});

test("a gap in the log is read again once, then taken as it is", async ({ postgres }) => {
  await migrate(postgres);
  const writer = createLedgerWriter({ pool: postgres, logger, clock });
  await writer.writeDecisions(logBatch(0, 3));
  expect(await writer.writeDecisions(logBatch(8, 2))).toMatchObject({ written: 0, resumeAt: 3n });
  expect(await writer.writeDecisions(logBatch(8, 2))).toMatchObject({ written: 2 });
});

test("a label from the future is kept aside with the reason, the rest of its batch is written", async ({
  postgres,
}) => {
  await migrate(postgres);
  await adoptPublished(postgres, []);
  const writer = createLedgerWriter({ pool: postgres, logger, clock });
  const messages = [labelFutureToleranceMs, labelFutureToleranceMs + 1].map((aheadMs, index) => {
    const labelledAt = new Date(clock.nowMs() + aheadMs).toISOString();
    const label = { labelId: `l-${index}`, transactionId: "tx-1", fraud: true, source: "issuer", labelledAt };
    return { offset: BigInt(index), value: Buffer.from(JSON.stringify(label)) };
  });
  const batch = { topic: "labels", partition: 0, messages };
  expect(await writer.writeLabels(batch)).toMatchObject({ written: 1, unreadable: 1 });
  const { rows } = await postgres.query("select reason, log_offset::int as place from unreadable_records");
  const reason = "/labelledAt must not lie more than 5 minutes in the future";
  expect(rows).toEqual([{ reason, place: 1 }]);
  // Its time comes, and the record is not judged again: what was refused stays refused.
  clock.advanceMs(3_600_000);
  expect(await writer.writeLabels(batch)).toMatchObject({ written: 0, skipped: 2 });
});

function logBatch(first: number, count: number): LogBatch {
  const messages = Array.from({ length: count }, (_, index) => ({
    offset: BigInt(first + index),
    value: Buffer.from(JSON.stringify(decision(first + index))),
  }));
  return { topic: "t", partition: 0, messages };
}

function decision(number: number): DecisionRecord {
  return {
    schema: "tollgate.decision.v1",
    transactionId: `tx-${number}`,
    partitionKey: `card-${number % 50}`,
    source: "kafka",
    occurredAt: "2026-03-01T12:00:00.000Z",
    decidedAt: "2026-03-01T12:00:00.050Z",
    outcome: "approve",
    score: 0.01,
    rung: "model",
    reasons: [{ code: "NEW_DEVICE", kind: "rule", description: 'First time with this "device"' }],
    model: { name: "card-payments", version: 1, digest: "0".repeat(64) },
    featureSet: "f".repeat(64),
    rulesVersion: "1",
    degraded: ["features", "event-log"],
    statesRead: [],
    generation: 1,
    vector: "AACAPw==",
    stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
    transaction: { id: `tx-${number}`, merchantName: 'Bäckerei {"x", y} \\ 東京' },
  };
}

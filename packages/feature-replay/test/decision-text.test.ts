import type { DecisionRecord } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { decisionReader } from "../src/decision-text.ts";

const record: DecisionRecord = {
  schema: "tollgate.decision.v1",
  transactionId: "t-1",
  partitionKey: 'a "card",\\"generation\\":9],"vector":"x"',
  source: "http",
  occurredAt: "2026-06-01T12:00:00+02:00",
  decidedAt: "2026-06-01T10:00:00.123Z",
  outcome: "approve",
  score: 0.5,
  rung: "model",
  reasons: [{ code: "A", kind: "rule", description: 'says ","transaction":{"id":"t-9"}}' }],
  model: { name: "m", version: 1, digest: "d" },
  featureSet: "f",
  rulesVersion: "r",
  degraded: [],
  statesRead: [
    {
      entity: "shop",
      key: '","version":7,',
      version: 3,
      status: "PRESENT",
      applied: [1, 2],
      labelsApplied: 4,
    },
    { entity: "card", key: '{"entity":"card","version":8}', version: 41, status: "PRESENT" },
  ],
  generation: 2,
  vector: "AAAA",
  stageMicros: { recall: 1, compute: 2, predict: 3, decide: 4, record: 5 },
  transaction: { id: "t-1", note: '}}","transaction":{', größe: "naïve € 𝄞" },
};

const read = decisionReader("card");
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const cardVersion = (value: Buffer): number | undefined =>
  read(value)?.statesRead.find(({ entity }) => entity === "card")?.version;

test("the short way reads the same as parsing the whole record, whatever stands in its texts", () => {
  const decision = read(bytes(record));
  const { transactionId, partitionKey, decidedAt, generation, transaction } = record;
  expect(decision).toMatchObject({ transactionId, partitionKey, decidedAt, generation, transaction });
  expect(decision?.statesRead).toHaveLength(1);
  expect(cardVersion(bytes(record))).toBe(41);
});

test("a record in another order of fields is read by parsing it whole", () => {
  const { transaction, ...rest } = record;
  const reordered = bytes({ transaction, ...rest });
  expect(read(reordered)).toEqual({ transaction, ...rest });
  expect(cardVersion(reordered)).toBe(41);
});

test("what is no decision is told apart", () => {
  for (const value of [null, Buffer.from(""), Buffer.from("{"), bytes({ schema: "other" }), bytes([1])]) {
    expect(read(value)).toBeUndefined();
  }
  const cut = bytes(record).subarray(0, -40);
  expect(read(Buffer.from(cut))).toBeUndefined();
});

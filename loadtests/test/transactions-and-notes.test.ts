import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { templateSeparator, type TransactionTemplate } from "../k6/load-plan.ts";
import { acceptedVersion } from "../run/obtain-k6.ts";
import { gateOf, outcomeOf } from "../run/gate.ts";
import { parseLoadOptions } from "../run/load-options.ts";
import { readNotes } from "../run/run-k6.ts";
import { cutTransaction, writeTransactions } from "../run/write-transactions.ts";

test("a template with an id and a time put in is a transaction that the engagement accepts", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-load-"));
  try {
    const path = join(folder, "transactions.json");
    const written = writeTransactions({ engagement, path, wanted: 300, seed: 7, idPrefix: "run-" });
    const templates = JSON.parse(readFileSync(path, "utf8")) as readonly TransactionTemplate[];
    expect(templates).toHaveLength(300);
    expect(written.count).toBe(300);
    const nowMs = Date.UTC(2026, 10, 22);
    for (const [number, [template]] of templates.entries()) {
      const [offsetText, beforeId, beforeTime, afterTime] = template.split(templateSeparator);
      const offsetMs = Number(offsetText);
      expect(offsetMs).toBeLessThan(written.spanMs);
      const time = new Date(nowMs - written.spanMs + offsetMs).toISOString();
      const body = JSON.parse(`${beforeId}run-${number}${beforeTime}${time}${afterTime}`) as unknown;
      const parsed = engagement.transaction.parse(body, nowMs);
      expect(parsed).toMatchObject({ ok: true, value: { id: `run-${number}`, occurredAt: time } });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a transaction whose id or time is not where it should be is refused, not sent wrongly", () => {
  const parts = { id: "a", time: "2026-01-01T00:00:00.000Z" };
  expect(() => cutTransaction('{"occurredAt":"2026-01-01T00:00:00.000Z","id":"a"}', parts)).toThrow(
    /id and time/u,
  );
});

test("k6's notes are read; everything else in its log is passed over", () => {
  const { refused, answers } = readNotes(
    "began 12\nrefused 7 503\nanswered run-8 approve 0.25\nsome warning\n",
  );
  expect([...refused]).toEqual([[7, "503"]]);
  expect([...answers]).toEqual([["run-8", "approve 0.25"]]);
});

test("k6 is taken from 1.0 on: older ones cannot run TypeScript", () => {
  expect(acceptedVersion("k6 v1.8.1 (go1.26.8, linux/amd64)\n")).toBe("k6 v1.8.1");
  expect(acceptedVersion("k6 v0.57.0 (go1.23.6, linux/amd64)\n")).toBeUndefined();
  expect(acceptedVersion("not k6")).toBeUndefined();
});

test("options are read, and a wrong one is named with the usage", () => {
  const options = parseLoadOptions(["--profile", "soak", "--for", "2m", "--rate", "800", "--json"]);
  expect(options).toMatchObject({ profile: "soak", forSeconds: 120, ratePerSecond: 800, json: true });
  expect(options.model).toBeUndefined();
  const modelOf = (model: string): string | undefined =>
    parseLoadOptions(["--profile", "sla", "--model", model]).model;
  expect(modelOf("@challenger")).toBe("card-payments@challenger");
  expect(modelOf("card-payments@v4")).toBe("card-payments@v4");
  expect(() => parseLoadOptions(["--profile", "swap", "--model", "@v4"])).toThrow(/does not go with swap/u);
  expect(() => parseLoadOptions([])).toThrow(/--profile is missing\nusage/u);
  expect(() => parseLoadOptions(["--profile", "fast"])).toThrow(/there is no profile fast/u);
  expect(() => parseLoadOptions(["--profile", "sla", "--for", "1s"])).toThrow(/from 5s to 24h/u);
});

test("a gate fails when two runs of three miss a service level, and at once when a decision is lost", () => {
  expect(gateOf(["kept"])).toBe("passed");
  expect(gateOf(["missed"])).toBeUndefined();
  expect(gateOf(["missed", "kept"])).toBeUndefined();
  expect(gateOf(["missed", "kept", "kept"])).toBe("passed");
  expect(gateOf(["missed", "kept", "missed"])).toBe("failed");
  expect(gateOf(["missed", "missed"])).toBe("failed");
  expect(gateOf(["wrong"])).toBe("failed");
  expect(gateOf(["missed", "wrong"])).toBe("failed");
});

test("a miss on a machine whose processors others took decides nothing, a lost decision on it does", () => {
  const missed = { passed: false, complete: true };
  const byHost = { byHost: 0.2, byOthers: 0 };
  const byOthers = { byHost: 0, byOthers: 0.2 };
  expect(outcomeOf({ ...missed, taken: { byHost: 0.01, byOthers: 0.04 } })).toBe("missed");
  for (const taken of [byHost, byOthers]) {
    expect(outcomeOf({ ...missed, taken })).toBe("disturbed");
    expect(outcomeOf({ passed: true, complete: true, taken })).toBe("kept");
    expect(outcomeOf({ passed: false, complete: false, taken })).toBe("wrong");
  }
  expect(gateOf(["disturbed"])).toBeUndefined();
  expect(gateOf(["disturbed", "kept"])).toBe("passed");
  expect(gateOf(["disturbed", "missed", "missed"])).toBe("failed");
  expect(gateOf(["disturbed", "missed", "kept"])).toBe("undecided");
  expect(gateOf(["disturbed", "disturbed", "disturbed"])).toBe("undecided");
});

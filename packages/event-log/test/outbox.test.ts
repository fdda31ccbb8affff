import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, test as base } from "vitest";
import { openOutbox, type Outbox, type OutboxOptions } from "../src/index.ts";

const test = base.extend<{ folder: string; open: (options?: Partial<OutboxOptions>) => Promise<Outbox> }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-outbox-"));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  open: async ({ folder }, use) => {
    const opened: Outbox[] = [];
    await use(async (options) => {
      const outbox = await openOutbox({ folder, clock: systemClock(), logger: silentLogger(), ...options });
      opened.push(outbox);
      return outbox;
    });
    for (const outbox of opened) await outbox.close().catch(() => undefined);
  },
});

test("records come back in order after the process is gone", async ({ open }) => {
  const first = await open();
  await Promise.all(numbered(0, 100).map((record) => first.append([record])));
  await first.close();
  const second = await open();
  expect(second.pendingCount).toBe(100);
  expect(second.oldestAgeMs()).toBeGreaterThanOrEqual(0);
  expect(await drained(second)).toEqual(numbered(0, 100).map(String));
  expect(second.pendingCount).toBe(0);
  expect(second.pendingBytes).toBe(0);
  expect(second.oldestAgeMs()).toBeNull();
});

test("a segment that could not be made refuses its own records, and no later ones", async ({
  open,
  folder,
}) => {
  const outbox = await open({ segmentBytes: 1 });
  await outbox.append(numbered(0, 1));
  const [segment = ""] = segmentsIn(folder);
  const next = segment.replace(/\d+/u, (number) => String(Number(number) + 1).padStart(number.length, "0"));
  writeFileSync(join(folder, next), "");
  await expect(outbox.append(numbered(1, 1))).rejects.toMatchObject({ code: "OUTBOX_WRITE_FAILED" });
  await outbox.append(numbered(2, 1));
  expect(await drained(outbox)).toEqual([...numbered(0, 1), ...numbered(2, 1)].map(String));
  expect(outbox.pendingBytes).toBe(0);
});

test("a torn tail is cut off, every whole record stays", async ({ open, folder }) => {
  const first = await open();
  await first.append(numbered(0, 10));
  await first.close();
  const [segment = ""] = segmentsIn(folder);
  appendFileSync(join(folder, segment), Buffer.from([200, 0, 0, 0, 1, 2, 3]));
  const second = await open();
  expect(await drained(second)).toEqual(numbered(0, 10).map(String));
});

test("a record cut in the middle is not sent", async ({ open, folder }) => {
  const first = await open();
  await first.append(numbered(0, 3));
  const bytes = first.pendingBytes;
  await first.close();
  truncateSync(join(folder, segmentsIn(folder)[0] ?? ""), bytes - 1);
  const second = await open();
  expect(await drained(second)).toEqual(numbered(0, 2).map(String));
});

test("damage before the last segment is kept aside, and the rest is sent", async ({ open, folder }) => {
  const first = await open({ segmentBytes: 1 });
  for (const record of numbered(0, 3)) await first.append([record]);
  await first.close();
  const [segment = ""] = segmentsIn(folder);
  writeFileSync(join(folder, segment), "this is no frame at all");
  const second = await open();
  expect(await drained(second)).toEqual(["record-1", "record-2"]);
  expect(readdirSync(folder)).toContain(`${segment}.damaged`);
});

test("a full outbox refuses, keeps what it has, and takes again when drained", async ({ open }) => {
  const outbox = await open({ maxBytes: 100 });
  await outbox.append(numbered(0, 3));
  await expect(outbox.append(numbered(3, 3))).rejects.toMatchObject({ code: "OUTBOX_FULL" });
  expect(await drained(outbox)).toEqual(numbered(0, 3).map(String));
  await outbox.append(numbered(3, 3));
  expect(outbox.pendingCount).toBe(3);
});

test("a drain that fails goes on where it was, and loses nothing", async ({ open }) => {
  const first = await open({ drainRecords: 4, segmentBytes: 100 });
  for (const record of numbered(0, 20)) await first.append([record]);
  const sent: string[] = [];
  const failing = first.drain((payloads) => {
    if (sent.length >= 8) return Promise.reject(new Error("Kafka is away"));
    sent.push(...payloads.map(String));
    return Promise.resolve();
  });
  await expect(failing).rejects.toThrow("Kafka is away");
  await first.close();
  const second = await open({ drainRecords: 4 });
  expect(second.pendingCount).toBe(20 - sent.length);
  expect([...sent, ...(await drained(second))]).toEqual(numbered(0, 20).map(String));
});

test("records appended while a drain runs are drained too", async ({ open, folder }) => {
  const outbox = await open({ drainRecords: 2 });
  await outbox.append(numbered(0, 4));
  const sent: string[] = [];
  await outbox.drain(async (payloads) => {
    if (sent.length === 0) await outbox.append(numbered(4, 2));
    sent.push(...payloads.map(String));
  });
  expect(sent).toEqual(numbered(0, 6).map(String));
  expect(segmentsIn(folder)).toEqual([]);
});

test("two processes never share a folder; a dead one's lock is taken over", async ({ open, folder }) => {
  const first = await open();
  await expect(open()).rejects.toMatchObject({ code: "OUTBOX_LOCKED" });
  await first.close();
  writeFileSync(join(folder, "lock"), "4194303 no-such-process\n");
  const second = await open();
  expect(second.pendingCount).toBe(0);
});

async function drained(outbox: Outbox): Promise<readonly string[]> {
  const sent: string[] = [];
  await outbox.drain((payloads) => {
    sent.push(...payloads.map(String));
    return Promise.resolve();
  });
  return sent;
}

function numbered(first: number, count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`record-${first + index}`));
}

function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".segment"))
    .toSorted();
}

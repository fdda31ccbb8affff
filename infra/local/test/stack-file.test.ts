import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { stackFolder } from "../src/folders.ts";
import { identifyProcess, isAlive } from "../src/process-identity.ts";
import { readStackRecord, recordsOf, writeStackRecord, type StackRecord } from "../src/stack-file.ts";
import { lockStack, stackHolder } from "../src/stack-lock.ts";

let names = 0;

function uniqueName(): string {
  names += 1;
  const name = `unit-${process.pid}-${names}`;
  onTestFinished(() => rmSync(stackFolder(name), { recursive: true, force: true }));
  return name;
}

test("a stack's record is read back as it was written", () => {
  const name = uniqueName();
  const record: StackRecord = {
    version: 1,
    name,
    services: { redis: { url: "redis://127.0.0.1:6379", source: "fetched", label: "Redis", port: 6379 } },
  };
  writeStackRecord(record);
  expect(readStackRecord(name)).toEqual(record);
});

test("a stack that never ran has no services", () => {
  expect(recordsOf(uniqueName())).toEqual([]);
});

test.each(["", "{", "[]", '{"version":1,"name":"x","services":{"mongo":{}}}'])(
  "a damaged record is named, not guessed at: %s",
  (text) => {
    const name = uniqueName();
    mkdirSync(stackFolder(name), { recursive: true });
    writeFileSync(join(stackFolder(name), "stack.json"), text);
    expect(() => readStackRecord(name)).toThrow("is damaged");
  },
);

test("a lock is held by one process, and free after its release", () => {
  const name = uniqueName();
  const lock = lockStack(name);
  expect(() => lockStack(name)).toThrow(`(process ${process.pid})`);
  lock.release();
  lockStack(name).release();
});

test("a lock whose process is gone, or whose pid another has now, is taken over", () => {
  const name = uniqueName();
  mkdirSync(stackFolder(name), { recursive: true });
  const earlier = { pid: process.pid, startedAt: "long ago" };
  writeFileSync(join(stackFolder(name), "lock.json"), JSON.stringify(earlier));
  expect(stackHolder(name)).toBeUndefined();
  lockStack(name).release();
});

test("a process is recognised by its start, not by its pid alone", () => {
  const self = identifyProcess(process.pid);
  expect(self !== undefined && isAlive(self)).toBe(true);
  expect(isAlive({ pid: process.pid, startedAt: "another time" })).toBe(false);
});

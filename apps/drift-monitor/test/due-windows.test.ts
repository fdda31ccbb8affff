import { expect, test } from "vitest";
import { dueWindows } from "../src/due-windows.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Monday. */
const startMs = Date.UTC(2026, 2, 2);
const options = {
  judgedUntilMs: {},
  oldestMs: startMs,
  newestMs: startMs + hourMs,
  watermarkMs: startMs + hourMs,
  latenessMs: 0,
  limit: 100,
};

test("windows that are over are due once, in the order in which they end", () => {
  const { windows } = dueWindows(options);
  expect(windows.map(({ kind }) => kind)).toEqual(["minutes", "minutes", "minutes", "minutes", "hour"]);
  const judgedUntilMs = { minutes: startMs + hourMs, hour: startMs + hourMs };
  expect(dueWindows({ ...options, judgedUntilMs }).windows).toEqual([]);
});

test("a window waits for late events", () => {
  const { windows } = dueWindows({ ...options, latenessMs: 1 });
  expect(windows.map(({ kind }) => kind)).toEqual(["minutes", "minutes", "minutes"]);
});

test("a window that began before the first event is not judged", () => {
  const oldestMs = startMs + 60_000;
  const { windows } = dueWindows({ ...options, oldestMs });
  expect(windows).toEqual([
    { kind: "minutes", fromMs: startMs + 900_000 },
    { kind: "minutes", fromMs: startMs + 1_800_000 },
    { kind: "minutes", fromMs: startMs + 2_700_000 },
  ]);
});

test("a day without events is due like any other", () => {
  const newestMs = startMs + 3 * dayMs;
  const { windows } = dueWindows({ ...options, newestMs, watermarkMs: newestMs });
  const days = windows.filter(({ kind }) => kind === "day");
  expect(days.map(({ fromMs }) => fromMs)).toEqual([startMs, startMs + dayMs, startMs + 2 * dayMs]);
});

test("quarters of an hour whose minutes are gone are skipped and counted", () => {
  const newestMs = startMs + 10 * hourMs;
  const { windows, skipped } = dueWindows({ ...options, newestMs, watermarkMs: newestMs });
  expect(skipped).toBe(7 * 4);
  expect(windows.filter(({ kind }) => kind === "minutes")).toHaveLength(12);
});

test("after a long gap no more are due at once than the limit, the earliest first", () => {
  const newestMs = startMs + 30 * dayMs;
  const { windows } = dueWindows({ ...options, newestMs, watermarkMs: newestMs, limit: 10 });
  expect(windows).toHaveLength(10);
  expect(windows[0]).toEqual({ kind: "hour", fromMs: startMs });
});

test("before the first tile nothing is due", () => {
  expect(dueWindows({ ...options, oldestMs: Infinity }).windows).toEqual([]);
});

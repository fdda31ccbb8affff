import { expect, onTestFinished, test, vi } from "vitest";
import { createRoom } from "../src/room.ts";

test("who waits is let in in turn, one for each time that there is room", async () => {
  let places = 0;
  const room = createRoom(() => places > 0);
  const entered: number[] = [];
  const callers = [1, 2, 3].map(async (caller) => {
    expect(await room.free()).toBe(true);
    entered.push(caller);
    places -= 1;
    room.check();
  });
  room.check();
  places = 2;
  room.check();
  await Promise.all(callers.slice(0, 2));
  expect(entered).toEqual([1, 2]);
  places = 1;
  room.check();
  await Promise.all(callers);
  expect(entered).toEqual([1, 2, 3]);
  places = 1;
  expect(await room.free()).toBe(true);
});

test("who gave up waiting is not let in later, nor does it keep others out", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let isFree = false;
  const room = createRoom(() => isFree);
  const impatient = room.free(100);
  const patient = room.free();
  vi.advanceTimersByTime(100);
  expect(await impatient).toBe(false);
  isFree = true;
  room.check();
  expect(await patient).toBe(true);
  expect(await room.free(100)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

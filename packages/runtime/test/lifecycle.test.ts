import { expect, test } from "vitest";
import { createLifecycle } from "../src/index.ts";

test("parts are stopped in reverse order, once, however often stop is called", async () => {
  const lifecycle = createLifecycle();
  const stopped: string[] = [];
  for (const name of ["first", "second", "third"]) {
    lifecycle.onStop(name, () => {
      stopped.push(name);
    });
  }
  expect(lifecycle.stopping).toBe(false);
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  expect(lifecycle.stopping).toBe(true);
  expect(stopped).toEqual(["third", "second", "first"]);
});

test("a part that cannot be stopped is named, and the others are stopped all the same", async () => {
  const lifecycle = createLifecycle();
  let stopped = false;
  lifecycle.onStop("good", () => {
    stopped = true;
  });
  lifecycle.onStop("bad", async () => Promise.reject(new Error("no")));
  expect(await lifecycle.stop()).toEqual(["bad"]);
  expect(stopped).toBe(true);
});

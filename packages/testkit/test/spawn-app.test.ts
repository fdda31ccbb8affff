import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { freePort } from "../src/free-port.ts";
import { spawnApp, type SpawnedApp } from "../src/spawn-app.ts";
import { until } from "../src/until.ts";

const entry = fileURLToPath(new URL("./support/echo-app.ts", import.meta.url));

test("a spawned app is waited for, its log is kept, and it stops cleanly", async () => {
  const { app, url } = await spawnEcho();
  expect(await (await fetch(url)).text()).toBe("hello");
  expect(app.logs()).toContain("listening");
  expect(await app.stop()).toBe(0);
  expect(app.logs()).toContain("closed");
  expect(app.alive()).toBe(false);
});

test("a spawned app can be killed as a crash would", async () => {
  const { app } = await spawnEcho();
  await app.kill("SIGKILL");
  expect(await app.exited).toBe("SIGKILL");
});

test("an app that ends before it is ready is reported with its log", async () => {
  const spawning = spawnApp({ entry: `${entry}.missing`, environment: {}, readyUrl: "http://127.0.0.1:1/" });
  await expect(spawning).rejects.toThrow(/ended before it was ready[\s\S]*Cannot find module/);
});

test("an app without a ready URL is left to the test", async () => {
  const port = await freePort();
  const app = await spawnApp({ entry, arguments: [String(port), "hello"], environment: {} });
  await until(() => app.logs().includes("listening"), { describe: "the app's first line" });
  expect(await app.stop()).toBe(0);
});

async function spawnEcho(): Promise<{ app: SpawnedApp; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const app = await spawnApp({
    entry,
    arguments: [String(port), "hello"],
    environment: {},
    readyUrl: url,
  });
  return { app, url };
}

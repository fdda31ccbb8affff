import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";

import { choosePort } from "../src/choose-port.ts";
import { portRange } from "../src/limits.ts";

test("the preferred port is taken when it is free", async () => {
  const { port } = await choosePort({ taken: new Set() });
  expect(await choosePort({ preferred: port, taken: new Set() })).toEqual({ port });
});

test("a busy port gives way to another, and its owner is named", async () => {
  const busy = await listen();
  const choice = await choosePort({ preferred: busy, taken: new Set() });
  expect(choice.port).not.toBe(busy);
  expect(choice.busy?.port).toBe(busy);
  if (process.platform === "linux") expect(choice.busy?.owner).toContain(`pid ${process.pid}`);
});

test("two services of one start never get the same port", async () => {
  const { port } = await choosePort({ taken: new Set() });
  const taken = new Set<number>();
  const choices = await Promise.all([
    choosePort({ preferred: port, taken }),
    choosePort({ preferred: port, taken }),
  ]);
  expect(new Set(choices.map((choice) => choice.port)).size).toBe(2);
});

test("a chosen port lies below the kernel's range for outgoing connections", async () => {
  const { port } = await choosePort({ taken: new Set() });
  expect(port).toBeGreaterThanOrEqual(portRange.first);
  expect(port).toBeLessThan(portRange.last);
});

async function listen(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

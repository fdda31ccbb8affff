/**
 * Outlives its launcher: told over standard input which services run, and stops them when that pipe closes,
 * which it does however the launcher ends, `kill -9` included.
 */
import { createInterface } from "node:readline";

import type { WatchdogMessage } from "./watchdog-client.ts";
import { stopProcess } from "./stop-process.ts";

const watched = new Map<number, WatchdogMessage & { action: "watch" }>();

// Ctrl-C reaches the whole terminal's group: the launcher decides, and the pipe tells.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as WatchdogMessage;
  if (message.action === "watch") watched.set(message.process.pid, message);
  else watched.delete(message.pid);
}
await Promise.all(
  [...watched.values()].map(({ process: identity, signal }) => stopProcess(identity, { signal })),
);

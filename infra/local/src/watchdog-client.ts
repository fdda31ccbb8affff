import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

import { identifyProcess, type ProcessIdentity } from "./process-identity.ts";

/** One line of the pipe to the watchdog, as JSON. */
export type WatchdogMessage =
  | { readonly action: "watch"; readonly process: ProcessIdentity; readonly signal: NodeJS.Signals }
  | { readonly action: "forget"; readonly pid: number };

/** A process that stops the watched services when this one is gone. */
export interface Watchdog {
  watch(identity: ProcessIdentity, signal: NodeJS.Signals): void;
  forget(pid: number): void;
  /** Ends it; what is still watched is stopped by it. */
  end(): void;
}

/** Starts a watchdog in a session of its own, so that Ctrl-C does not reach it. */
export function startWatchdog(): Watchdog {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./watchdog.ts", import.meta.url))], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // Neither the child nor its pipe keeps this process alive: its end is what the watchdog waits for.
  if (child.stdin instanceof Socket) child.stdin.unref();
  // The pipe breaks only when the watchdog was killed: the stack still stops its services itself.
  child.stdin.on("error", () => {});
  child.on("error", () => {});
  const send = (message: WatchdogMessage): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    watch: (identity, signal) => send({ action: "watch", process: identity, signal }),
    forget: (pid) => send({ action: "forget", pid }),
    end: () => {
      child.stdin.end();
    },
  };
}

/** Watches one process that was just started; `end` after it is gone. */
export function watchdogFor(pid: number): Pick<Watchdog, "end"> {
  const watchdog = startWatchdog();
  const identity = identifyProcess(pid);
  if (identity !== undefined) watchdog.watch(identity, "SIGTERM");
  return watchdog;
}

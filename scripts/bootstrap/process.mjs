import { constants } from "node:os";

/** Says what to do on standard error and ends with exit code 1. */
export function fail(message) {
  console.error(`tollgate: ${message}`);
  process.exit(1);
}

/** Passes this process's signals on to a child; returns how to stop that. */
export function forwardSignals(child) {
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child itself: forwarding it as well would look like a second Ctrl-C.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/** The exit code by which a shell reports the end by a signal. */
export function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

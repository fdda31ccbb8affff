import { constants } from "node:os";

/** Says what to do on standard error and ends with exit code 1. */
export function fail(message) {
  console.error(`tollgate: ${message}`);
  process.exit(1);
}

/** Passes this process's signals on to a child; `stop` ends that, `received` is the last one, if any. */
export function forwardSignals(child) {
  const forwarding = { received: undefined, stop: () => forEachSignal("off") };
  const forward = (signal) => {
    forwarding.received = signal;
    // A terminal sends Ctrl-C to the child itself: forwarding it as well would look like a second Ctrl-C.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const forEachSignal = (verb) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process[verb](signal, forward);
  };
  forEachSignal("on");
  return forwarding;
}

/** The exit code by which a shell reports the end by a signal. */
export function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

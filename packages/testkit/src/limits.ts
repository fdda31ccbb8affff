/** How long {@link until} waits when a test does not say otherwise. */
export const defaultDeadlineMs = 20_000;

/** How often {@link until} asks. */
export const defaultIntervalMs = 20;

/** Test runs of one checkout at a time, each with services of its own. */
export const parallelRuns = 8;

/** Log kept of a spawned app, in characters: its end is what a failed test shows. */
export const keptLogCharacters = 200_000;

/** Log shown when a spawned app does not become ready. */
export const shownLogCharacters = 3_000;

/** A spawned app answers within this: starting Node and connecting takes about a second. */
export const appReadyLimitMs = 30_000;

/** From SIGTERM to SIGKILL; an app drains within 8 s. */
export const appStopLimitMs = 15_000;

/** Keys asked for and deleted at a time when a test's keys are cleared. */
export const keysPerScan = 1_000;

/** A redis-server of a test's own answers within this; it needs 50 ms on an idle machine. */
export const ownRedisReadyLimitMs = 10_000;

/** Ports that are tried for it. */
export const ownRedisStartAttempts = 5;

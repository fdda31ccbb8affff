/** Named limits of the local stack: every wait, retry and size. */

/** Kafka needs 3 s on two idle cores and was seen to need 25 s beside a load of 15. */
export const readyLimitMs = 90_000;

/** A first scrape asks the service for everything; nothing waits for it but the line that says it answers. */
export const exporterReadyLimitMs = 30_000;

/** How often a starting service is asked whether it answers. */
export const readyIntervalMs = 50;

/** One attempt to reach a service. */
export const answerLimitMs = 1_500;

/** From SIGTERM to SIGKILL. Kafka's controlled shutdown takes about 2 s, PostgreSQL's checkpoint less. */
export const stopLimitMs = 15_000;

/** How often a stopping process is looked at. */
export const stopIntervalMs = 25;

/** The first fetch of a service over a slow line. */
export const fetchLimitMs = 600_000;

/** A tool that only reports (a version, a daemon's state) answers within this. */
export const probeLimitMs = 10_000;

/** A service that ends at once on a port that another process has just taken is started again. */
export const startAttempts = 3;

/** Random ports are tried in this range, below the kernel's own for outgoing connections (32768 and up). */
export const portRange: { readonly first: number; readonly last: number } = { first: 20_000, last: 32_000 };

/** Tries in {@link portRange} before giving up. */
export const portAttempts = 200;

/** Lines of a service's log shown when it could not start. */
export const shownLogLines = 15;

/** The heap of the local Kafka: enough for thousands of records a second, small beside everything else. */
export const kafkaHeapMiB = 512;

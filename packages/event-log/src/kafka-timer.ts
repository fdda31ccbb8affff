import { createRequire } from "node:module";

interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}
interface RequestQueueClass {
  readonly prototype: { scheduleCheckPendingRequests(this: RequestQueue): void };
}

const checkAfterMs = 10;

/**
 * kafkajs 2.2.4 sets a timer of a negative time after every answer, which Node turns into 1 ms and which sets
 * itself again for ever: 1,000 wake-ups a second for each connection, and a warning on standard error.
 * Here the timer runs only while a request waits.
 */
export function calmKafkaTimers(): void {
  const load = createRequire(import.meta.url);
  const requestQueue = load("kafkajs/src/network/requestQueue/index.js") as RequestQueueClass;
  requestQueue.prototype.scheduleCheckPendingRequests = function schedule(): void {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    const throttledMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(throttledMs, checkAfterMs),
    );
  };
}

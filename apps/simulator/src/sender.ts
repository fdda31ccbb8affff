import type { StreamEvent, StreamLabel } from "./stream-event.ts";

/** Sends without ever holding up the caller; what becomes of it is in the tally. */
export interface Sender {
  send(events: readonly StreamEvent[]): void;
  sendLabels(labels: readonly StreamLabel[]): void;
  /** Resolves when there is plenty of room: for sending as fast as it goes instead of by the clock. */
  room(): Promise<void>;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Counts what is in flight and wakes who waits for it to become less. */
export interface InFlight {
  readonly count: number;
  enter(count: number): void;
  leave(count: number): void;
  /** Resolves when no more than that are in flight. */
  atMost(count: number): Promise<void>;
}

export function createInFlight(): InFlight {
  let inFlight = 0;
  let waiting: { readonly atMost: number; readonly resolve: () => void }[] = [];
  return {
    get count() {
      return inFlight;
    },
    enter(count) {
      inFlight += count;
    },
    leave(count) {
      inFlight -= count;
      const free = waiting.filter((waiter) => inFlight <= waiter.atMost);
      if (free.length === 0) return;
      waiting = waiting.filter((waiter) => inFlight > waiter.atMost);
      for (const waiter of free) waiter.resolve();
    },
    atMost(count) {
      if (inFlight <= count) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ atMost: count, resolve }));
    },
  };
}

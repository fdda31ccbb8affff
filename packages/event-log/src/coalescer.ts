/** Gathers what arrives while a flush is in flight and flushes it together: one flush at a time, in order. */
export interface Coalescer<Item, Result> {
  /**
   * Resolves when every item has been flushed, with the result of each flush that took part of them.
   * Rejects with the first flush that failed; the other items of the call may have been flushed.
   */
  add(items: readonly Item[]): Promise<readonly Result[]>;
  readonly queuedItems: number;
  readonly queuedBytes: number;
  /** Resolves when nothing is queued and nothing in flight. */
  idle(): Promise<void>;
}

export interface CoalescerOptions<Item, Result> {
  readonly flush: (items: readonly Item[]) => Promise<Result>;
  readonly sizeOf: (item: Item) => number;
  /** The most that one flush takes. */
  readonly maxItems: number;
  readonly maxBytes: number;
}

interface Ticket<Result> {
  remaining: number;
  readonly results: Result[];
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Queued<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  readonly ticket: Ticket<Result>;
}

export function createCoalescer<Item, Result>(
  options: CoalescerOptions<Item, Result>,
): Coalescer<Item, Result> {
  const queue: Queued<Item, Result>[] = [];
  let queuedBytes = 0;
  let running = false;
  let waiters: (() => void)[] = [];

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const taken = queue.splice(0, countToTake(queue, options));
      for (const entry of taken) queuedBytes -= entry.bytes;
      await flushTaken(taken, options.flush);
    }
    running = false;
    const idle = waiters;
    waiters = [];
    for (const wake of idle) wake();
  };

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const ticket: Ticket<Result> = { remaining: items.length, results: [], resolve, reject };
        for (const item of items) {
          const bytes = options.sizeOf(item);
          queuedBytes += bytes;
          queue.push({ item, bytes, ticket });
        }
        if (running) return;
        running = true;
        // After this turn of the event loop, so that requests of the same turn share the first flush.
        setImmediate(() => void run());
      });
    },
    get queuedItems() {
      return queue.length;
    },
    get queuedBytes() {
      return queuedBytes;
    },
    idle() {
      if (!running) return Promise.resolve();
      return new Promise((resolve) => waiters.push(resolve));
    },
  };
}

function countToTake<Item, Result>(
  queue: readonly Queued<Item, Result>[],
  limits: { readonly maxItems: number; readonly maxBytes: number },
): number {
  let bytes = 0;
  let count = 0;
  for (const entry of queue) {
    if (count > 0 && (count >= limits.maxItems || bytes + entry.bytes > limits.maxBytes)) break;
    bytes += entry.bytes;
    count += 1;
  }
  return count;
}

async function flushTaken<Item, Result>(
  taken: readonly Queued<Item, Result>[],
  flush: (items: readonly Item[]) => Promise<Result>,
): Promise<void> {
  try {
    const result = await flush(taken.map((entry) => entry.item));
    for (const { ticket } of taken) {
      if (ticket.results.at(-1) !== result) ticket.results.push(result);
      ticket.remaining -= 1;
      if (ticket.remaining === 0) ticket.resolve(ticket.results);
    }
  } catch (error) {
    for (const { ticket } of taken) ticket.reject(error);
  }
}

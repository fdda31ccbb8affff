/** Writes some items in one go; one result for each, in order. */
export type WriteItems<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

interface Waiting<Result> {
  readonly from: number;
  readonly count: number;
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Joins the writes of one event-loop turn: requests whose states came with one read also write together. */
export function joinWrites<Item, Result>(write: WriteItems<Item, Result>): WriteItems<Item, Result> {
  let items: Item[] = [];
  let waiting: Waiting<Result>[] = [];

  const send = (): void => {
    const sent = waiting;
    const together = items;
    waiting = [];
    items = [];
    void settle(write(together), sent);
  };

  return (own) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send);
      waiting.push({ from: items.length, count: own.length, resolve, reject });
      items.push(...own);
    });
}

async function settle<Result>(
  writing: Promise<readonly Result[]>,
  waiting: readonly Waiting<Result>[],
): Promise<void> {
  try {
    const results = await writing;
    for (const { from, count, resolve } of waiting) resolve(results.slice(from, from + count));
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

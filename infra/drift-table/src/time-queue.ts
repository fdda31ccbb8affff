/** What is due at a time, earliest first. */
export interface TimeQueue<Item> {
  add(atMs: number, item: Item): void;
  /** The earliest that was due by then, removed. */
  takeUntil(atMs: number): Item | undefined;
  copy(): TimeQueue<Item>;
}

interface Entry<Item> {
  readonly atMs: number;
  readonly item: Item;
}

/** A binary heap: labels become known in another order than their payments happened. */
export function createTimeQueue<Item>(initial: readonly Entry<Item>[] = []): TimeQueue<Item> {
  const heap = [...initial];
  const timeAt = (position: number): number => heap[position]?.atMs ?? Number.POSITIVE_INFINITY;
  const swap = (left: number, right: number): void => {
    const [first, second] = [heap[left], heap[right]];
    if (first === undefined || second === undefined) return;
    heap[left] = second;
    heap[right] = first;
  };
  return {
    add(atMs, item) {
      let position = heap.push({ atMs, item }) - 1;
      while (position > 0) {
        const parent = (position - 1) >> 1;
        if (timeAt(parent) <= timeAt(position)) return;
        swap(parent, position);
        position = parent;
      }
    },
    takeUntil(atMs) {
      if (timeAt(0) > atMs) return undefined;
      swap(0, heap.length - 1);
      const taken = heap.pop();
      for (let position = 0; ;) {
        const left = 2 * position + 1;
        const child = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
        if (timeAt(child) >= timeAt(position)) return taken?.item;
        swap(position, child);
        position = child;
      }
    },
    copy: () => createTimeQueue(heap),
  };
}

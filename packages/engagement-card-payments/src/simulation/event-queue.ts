/** Something that will happen at a known time. */
interface ScheduledEvent<Outcome> {
  readonly atMs: number;
  readonly order: number;
  readonly happen: (atMs: number) => Outcome;
}

/** What is still to come, earliest first; events of the same millisecond in the order they were added. */
export interface EventQueue<Outcome> {
  add(atMs: number, happen: (atMs: number) => Outcome): void;
  /** Time of the earliest event, or Infinity. */
  nextMs(): number;
  /** Takes the earliest event out and lets it happen. */
  happenNext(): Outcome;
  readonly size: number;
}

/** A binary heap: thousands of pending events cost about a dozen comparisons each. */
export function createEventQueue<Outcome>(): EventQueue<Outcome> {
  const heap: ScheduledEvent<Outcome>[] = [];
  let added = 0;
  return {
    add(atMs, happen) {
      heap.push({ atMs, order: added, happen });
      added += 1;
      siftUp(heap);
    },
    nextMs: () => heap[0]?.atMs ?? Number.POSITIVE_INFINITY,
    happenNext() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) throw new RangeError("nothing is scheduled");
      if (heap.length > 0) {
        heap[0] = last;
        siftDown(heap);
      }
      return first.happen(first.atMs);
    },
    get size() {
      return heap.length;
    },
  };
}

type Heap = ScheduledEvent<unknown>[];

function siftUp(heap: Heap): void {
  let index = heap.length - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfEarlier(heap, index, parent)) return;
    index = parent;
  }
}

function siftDown(heap: Heap): void {
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) return;
    const child = isEarlier(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!swapIfEarlier(heap, child, index)) return;
    index = child;
  }
}

function swapIfEarlier(heap: Heap, child: number, parent: number): boolean {
  const lower = heap[child];
  const upper = heap[parent];
  if (lower === undefined || upper === undefined || !isEarlier(lower, upper)) return false;
  heap[parent] = lower;
  heap[child] = upper;
  return true;
}

function isEarlier(
  candidate: ScheduledEvent<unknown> | undefined,
  other: ScheduledEvent<unknown> | undefined,
): boolean {
  if (candidate === undefined || other === undefined) return false;
  if (candidate.atMs !== other.atMs) return candidate.atMs < other.atMs;
  return candidate.order < other.order;
}

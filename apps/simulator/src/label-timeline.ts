import type { StreamLabel } from "./stream-event.ts";

/** Labels that the stream's clock has not reached yet, in the order they become known. */
export interface LabelTimeline {
  /** False when it is full and the label was not taken. */
  add(label: StreamLabel): boolean;
  /** Takes out what is known by then, earliest first. */
  dueAt(clockMs: number): readonly StreamLabel[];
  readonly waiting: number;
}

export function createLabelTimeline(limit: number): LabelTimeline {
  /** Latest first, so that what is due comes off the end. */
  const waiting: StreamLabel[] = [];
  return {
    add(label) {
      if (waiting.length >= limit) return false;
      waiting.splice(placeOf(waiting, label.atMs), 0, label);
      return true;
    },
    dueAt(clockMs) {
      let first = waiting.length;
      while (first > 0 && (waiting[first - 1]?.atMs ?? Number.POSITIVE_INFINITY) <= clockMs) first -= 1;
      return first === waiting.length ? [] : waiting.splice(first).toReversed();
    },
    get waiting() {
      return waiting.length;
    },
  };
}

/** By halving: the first place whose label is not later. */
function placeOf(waiting: readonly StreamLabel[], atMs: number): number {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((waiting[middle]?.atMs ?? 0) > atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

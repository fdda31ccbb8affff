// What docs/specs/entity-state.md lets a window's answer be made of, written without the engine's own code.
import type { StateFeature } from "../src/index.ts";
import type { Payment } from "./payments.ts";
import { between, exactValue, latest, lengthOf } from "./reference.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Widths of tiles by window and delay, as the specification has them. */
const tileWidths: Readonly<Record<string, number>> = {
  "1h": 5 * minuteMs,
  "24h": 2 * hourMs,
  "24h/24h": 2 * hourMs,
  "1d/7d": 2 * hourMs,
  "7d": 12 * hourMs,
  "30d": 2 * dayMs,
  "30d/7d": dayMs,
  "90d": 6 * dayMs,
};

/** All that has happened to an entity. */
export interface Known {
  readonly past: readonly Payment[];
  /** The ids of what a label ever came for, and of what is believed fraud. */
  readonly labelled: ReadonlySet<string>;
  readonly frauds: ReadonlySet<string>;
}

/** A value that is within the bounds, and the payments that it is made of. */
export interface Allowed {
  readonly value: number;
  readonly events: readonly Payment[];
}

/** What a window's feature may be: the exact value while the rings hold the window, else one per covering. */
export function allowedValues(
  feature: StateFeature<Payment>,
  known: Known,
  now: Payment,
): readonly Allowed[] {
  if (!("window" in feature)) throw new Error(`a ${feature.kind} has no window`);
  if (feature.kind === "distinct" && feature.entity.recentCapacity > 0) {
    return [{ value: exactValue(feature, known.past, now), events: known.past }];
  }
  const span = spanOf(feature);
  const untilMs = now.occurredAtMs - span.delayMs;
  const fromMs = untilMs - span.windowMs;
  const sets = isHeld(feature, known, fromMs)
    ? [between(known.past, fromMs, untilMs)]
    : coverings(span, known.past, now.occurredAtMs);
  return sets.map((events) => {
    if (feature.kind !== "label-rate") return { value: valueOver(feature, events, now), events };
    return { value: events.filter(({ id }) => known.frauds.has(id)).length / events.length, events };
  });
}

interface Span {
  readonly windowMs: number;
  readonly delayMs: number;
  readonly tileMs: number;
}

function spanOf(feature: { readonly window: string; readonly delay?: string | undefined }): Span {
  const { window, delay } = feature;
  const tileMs = tileWidths[delay === undefined ? window : `${window}/${delay}`];
  if (tileMs === undefined) throw new Error(`write the tiles of ${window} and delay ${delay} down here`);
  return { windowMs: lengthOf(window), delayMs: delay === undefined ? 0 : lengthOf(delay), tileMs };
}

/** Whether the rings hold all that is newer than a time: for label rates that of the labels, too. */
function isHeld({ kind, entity }: StateFeature<Payment>, { past, labelled }: Known, fromMs: number): boolean {
  const { recentCapacity, recentLabels = 0 } = entity;
  const newer = past.filter(({ occurredAtMs }) => occurredAtMs > fromMs);
  if (kind !== "label-rate") return recentCapacity > 0 && newer.length <= recentCapacity;
  const newerLabelled = newer.filter(({ id }) => labelled.has(id));
  return recentLabels > 0 && newer.length <= recentCapacity && newerLabelled.length <= recentLabels;
}

/**
 * Every set that tiles may answer with. Without a delay: the window less at most its oldest tile, and the
 * rest of the transaction's own tile. With one: the window shifted into the past by at most a tile. Of one
 * that is `late` tiles behind the newest, so many of the oldest tiles may be gone.
 */
function coverings(span: Span, past: readonly Payment[], nowMs: number): readonly (readonly Payment[])[] {
  const { windowMs, delayMs, tileMs } = span;
  const tileOf = (atMs: number): number => Math.floor(atMs / tileMs);
  const late = Math.max(0, ...past.map(({ occurredAtMs }) => tileOf(occurredAtMs) - tileOf(nowMs)));
  if (delayMs === 0) {
    const stretch = { fromMs: nowMs - windowMs, untilMs: (tileOf(nowMs) + 1) * tileMs - 1 };
    return suffixes(stretch, past, Math.max(1, late) * tileMs);
  }
  const untilMs = nowMs - delayMs;
  return shiftsOf(span, past, untilMs).flatMap((shiftMs) => {
    const endMs = untilMs - shiftMs;
    return suffixes({ fromMs: endMs - windowMs, untilMs: endMs }, past, late * tileMs);
  });
}

/** What happened in a stretch of time, less anything from nothing to so much of its beginning. */
function suffixes(
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  past: readonly Payment[],
  lackingMs: number,
): readonly (readonly Payment[])[] {
  const times = between(past, fromMs, Math.min(untilMs, fromMs + lackingMs));
  const starts = new Set([fromMs, ...times.map(({ occurredAtMs }) => occurredAtMs)]);
  return [...starts].map((startMs) => between(past, startMs, untilMs));
}

/** Shifts of up to a tile at which another payment enters or leaves the window. */
function shiftsOf({ windowMs, tileMs }: Span, past: readonly Payment[], untilMs: number): readonly number[] {
  const changes = past.flatMap(({ occurredAtMs }) => {
    const [leavesMs, entersMs] = [untilMs - occurredAtMs, untilMs - windowMs - occurredAtMs];
    return [leavesMs, leavesMs + 1, entersMs, entersMs + 1];
  });
  return [...new Set([0, tileMs, ...changes])].filter((shiftMs) => shiftMs >= 0 && shiftMs <= tileMs);
}

/** The exact value of a feature if just these payments lay in its window. */
export function valueOver(feature: StateFeature<Payment>, events: readonly Payment[], now: Payment): number {
  const { occurredAtMs } = now;
  const within = events.map((event) => ({ ...event, occurredAtMs }));
  const undelayed = feature.kind === "aggregate" ? { ...feature, delay: undefined } : feature;
  return exactValue(undelayed, within, now);
}

/** Whether the ring holds a payment, so that it is recognised when it comes again. */
export function isRecognised(past: readonly Payment[], capacity: number, event: Payment): boolean {
  return capacity > 0 && latest(past, capacity).includes(event);
}

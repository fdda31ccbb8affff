// What every feature is defined to be, written as plainly as possible: it keeps all events in an array and
// looks through all of them for every value. Slow on purpose; the engine is held against it.
import type { FeatureDefinition, Filter, StateFeature } from "../src/index.ts";
import { greatCircleKilometres } from "../src/index.ts";
import { hashName } from "../src/hash.ts";
import type { Payment } from "./payments.ts";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function lengthOf(span: string): number {
  return Number.parseInt(span, 10) * (unitMs[span.at(-1) as keyof typeof unitMs] ?? Number.NaN);
}

/** The events with `from < time <= until`. */
export function between(events: readonly Payment[], fromMs: number, untilMs: number): readonly Payment[] {
  return events.filter(({ occurredAtMs }) => occurredAtMs > fromMs && occurredAtMs <= untilMs);
}

/** The latest events by time, those of one time by the hash of their id. */
export function latest(events: readonly Payment[], capacity: number): readonly Payment[] {
  const idOf = (event: Payment): number => hashName(event.id) | 0;
  return events
    .toSorted((first, second) => first.occurredAtMs - second.occurredAtMs || idOf(first) - idOf(second))
    .slice(-capacity);
}

/** The exact value of a feature for a payment, given all events before it; NaN where it cannot be known. */
export function exactValue(
  feature: FeatureDefinition<Payment>,
  past: readonly Payment[],
  now: Payment,
): number {
  if (feature.kind === "transaction" || feature.kind === "derived") throw new Error("not of a state");
  const ring = latest(past, feature.entity.recentCapacity);
  switch (feature.kind) {
    case "aggregate":
      return aggregateOf(feature, windowOf(feature, past, now).filter(acceptedBy(feature.where)));
    case "rate": {
      const events = windowOf(feature, past, now).filter(acceptedBy(feature.among));
      return events.filter(acceptedBy(feature.where)).length / events.length;
    }
    case "ratio-to-normal":
    case "z-score":
      return normalOf(feature, past, now);
    case "distinct":
      return new Set(shopsOf(feature, ring, now)).size;
    case "top-category-share": {
      const shops = shopsOf(feature, ring, now);
      const counts = shops.map((shop) => shops.filter((other) => other === shop).length);
      return Math.max(0, ...counts) / shops.length;
    }
    case "first-seen": {
      const known = ring.filter(acceptedBy(feature.where));
      if (known.length === 0) return Number.NaN;
      return known.some(({ shop }) => shop === now.shop) ? 0 : 1;
    }
    case "seconds-since-last":
    case "seconds-since-first": {
      const times = past.filter(acceptedBy(feature.where)).map(({ occurredAtMs }) => occurredAtMs);
      if (times.length === 0) return Number.NaN;
      const sinceMs = feature.kind === "seconds-since-last" ? Math.max(...times) : Math.min(...times);
      return Math.max(0, now.occurredAtMs - sinceMs) / 1000;
    }
    case "distance-since-last":
    case "speed-since-last":
      return travelOf(feature, ring, now);
    case "label-rate":
      throw new Error("only tiles count labels: see labelRateOf");
  }
}

/** Whether an event counts: every one does without a filter. */
export function acceptedBy(where: Filter<Payment> | undefined): (event: Payment) => boolean {
  return (event) => where?.accepts(event) ?? true;
}

function aggregateOf(
  feature: Extract<StateFeature<Payment>, { kind: "aggregate" }>,
  events: readonly Payment[],
): number {
  const cents = events.map(centsOf);
  switch (feature.aggregate) {
    case "count":
      return cents.length;
    case "sum":
      return cents.reduce(add, 0) / 100;
    case "mean":
      return cents.reduce(add, 0) / 100 / cents.length;
    case "standard-deviation":
      return cents.length < 2 ? Number.NaN : spreadOf(cents) / 100;
    case "minimum":
      return cents.length === 0 ? Number.NaN : Math.min(...cents) / 100;
    case "maximum":
      return cents.length === 0 ? Number.NaN : Math.max(...cents) / 100;
  }
}

/** The payment itself is compared with what is accepted, whether it is accepted or not. */
function normalOf(
  feature: Extract<StateFeature<Payment>, { kind: "ratio-to-normal" | "z-score" }>,
  past: readonly Payment[],
  now: Payment,
): number {
  const before = windowOf({ ...feature, includesCurrent: false }, past, now);
  const cents = before.filter(acceptedBy(feature.where)).map(centsOf);
  if (cents.length < 3) return Number.NaN;
  const average = cents.reduce(add, 0) / cents.length;
  if (feature.kind === "ratio-to-normal") return average > 0 ? centsOf(now) / average : Number.NaN;
  const spread = spreadOf(cents);
  return spread > 0 ? (centsOf(now) - average) / spread : Number.NaN;
}

function shopsOf(
  feature: Extract<StateFeature<Payment>, { kind: "distinct" | "top-category-share" }>,
  ring: readonly Payment[],
  now: Payment,
): readonly string[] {
  return windowOf(feature, ring, now)
    .filter(acceptedBy(feature.where))
    .map(({ shop }) => shop);
}

/** What lies in a feature's window, this payment with it where the feature says so. */
function windowOf(
  feature: {
    readonly window: string;
    readonly delay?: string | undefined;
    readonly includesCurrent: boolean;
  },
  past: readonly Payment[],
  now: Payment,
): readonly Payment[] {
  const untilMs = now.occurredAtMs - (feature.delay === undefined ? 0 : lengthOf(feature.delay));
  const events = between(past, untilMs - lengthOf(feature.window), untilMs);
  return feature.includesCurrent ? [...events, now] : events;
}

function travelOf(
  feature: Extract<StateFeature<Payment>, { kind: "distance-since-last" | "speed-since-last" }>,
  ring: readonly Payment[],
  now: Payment,
): number {
  const isPlaced = (event: Payment): boolean =>
    event.latitude !== undefined && acceptedBy(feature.place.where)(event);
  const before = ring.findLast(isPlaced);
  if (before === undefined || !isPlaced(now)) return Number.NaN;
  const kilometres = greatCircleKilometres(pointOf(before), pointOf(now));
  if (feature.kind === "distance-since-last") return kilometres;
  const seconds = Math.abs(now.occurredAtMs - before.occurredAtMs) / 1000;
  return (kilometres * 3600) / Math.max(60, seconds);
}

function pointOf({ latitude = 0, longitude = 0 }: Payment): { latitude: number; longitude: number } {
  return { latitude, longitude };
}

/** Frauds among the events of the whole tiles that ended `delay` before, by the labels that had arrived. */
export function labelRateOf(
  feature: Extract<StateFeature<Payment>, { kind: "label-rate" }>,
  known: { readonly past: readonly Payment[]; readonly frauds: ReadonlySet<string>; readonly tileMs: number },
  nowMs: number,
): number {
  const { past, frauds, tileMs } = known;
  const untilMs = Math.floor((nowMs - lengthOf(feature.delay)) / tileMs) * tileMs;
  const held = between(past, untilMs - lengthOf(feature.window) - 1, untilMs - 1);
  const events = held.filter(acceptedBy(feature.where));
  return events.filter(({ id }) => frauds.has(id)).length / events.length;
}

function centsOf(event: Payment): number {
  return Math.round(event.amount * 100);
}

/** Standard deviation, divided by n, through exact whole numbers. */
function spreadOf(cents: readonly number[]): number {
  const whole = cents.map(BigInt);
  const sum = whole.reduce((total, value) => total + value, 0n);
  const squares = whole.reduce((total, value) => total + value * value, 0n);
  return Math.sqrt(Number(BigInt(cents.length) * squares - sum * sum)) / cents.length;
}

function add(first: number, second: number): number {
  return first + second;
}

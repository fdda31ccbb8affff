// What features of the shop engagement are defined to be, written as plainly as possible for each row of a
// log: it looks through all decisions and all labels for every value.
import type { DecisionRecord, LabelledTransaction } from "@tollgate/contracts";
import type { SimulatedLog } from "../bench/simulated-log.ts";
import type { Sale } from "./shop-engagement.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A decision of the log, each transaction once, where it stands first. */
export interface Decided {
  readonly sale: Sale;
  readonly record: DecisionRecord;
  readonly atMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** What a state held of a log: the decisions and labels that had reached it. */
export interface Held {
  readonly sales: readonly Sale[];
  readonly frauds: ReadonlySet<string>;
}

/** Every decision of a log by the id of its transaction. */
export function decidedOf(log: SimulatedLog): ReadonlyMap<string, Decided> {
  const decided = new Map<string, Decided>();
  for (const [partition, records] of log.partitions.entries()) {
    for (const [offset, record] of records.entries()) {
      const sale = record.transaction as Sale;
      const atMs = Date.parse(record.decidedAt);
      if (!decided.has(sale.id)) decided.set(sale.id, { sale, record, atMs, partition, offset });
    }
  }
  return decided;
}

/** What had arrived before a decision: decided before it, in one millisecond by place; labels by then. */
export function arrivedBefore(log: SimulatedLog, all: Iterable<Decided>, row: Decided): Held {
  const isBefore = (other: Decided): boolean => {
    if (other.atMs !== row.atMs) return other.atMs < row.atMs;
    if (other.partition !== row.partition) return other.partition < row.partition;
    return other.offset < row.offset;
  };
  return {
    sales: [...all].filter(isBefore).map(({ sale }) => sale),
    frauds: fraudsOf(log, ({ matchedAt }) => Date.parse(matchedAt) <= row.atMs),
  };
}

/** What a decision says that the shop's state held: places in the log up to which, numbers of labels. */
export function readFromShop(log: SimulatedLog, all: Iterable<Decided>, row: Decided): Held {
  const read = row.record.statesRead.find(({ entity }) => entity === "shop");
  const isApplied = ({ partition, offset }: Decided): boolean => offset < (read?.applied?.[partition] ?? 0);
  return {
    sales: [...all].filter(isApplied).map(({ sale }) => sale),
    frauds: fraudsOf(log, ({ sequence }) => sequence < (read?.labelsApplied ?? 0)),
  };
}

/**
 * What a decision says that the card's state held: so many sales. Who counted its own sale says which one it
 * was; the others were counted from the log, in its order.
 */
export function readFromCard(all: Iterable<Decided>, row: Decided): Held {
  const held = versionOf(row);
  const ofCard = [...all].filter(({ sale }) => sale.card === row.sale.card);
  const counted = ofCard.filter((other) => other.record.generation > 0 && versionOf(other) < held);
  const others = ofCard.filter(({ record }) => record.generation === 0);
  const fromLog = others.toSorted((one, other) => one.offset - other.offset);
  const sales = [...counted, ...fromLog.slice(0, held - counted.length)].map(({ sale }) => sale);
  return { sales, frauds: new Set() };
}

function versionOf({ record }: Decided): number {
  return record.statesRead.find(({ entity }) => entity === "card")?.version ?? 0;
}

/** The transactions of the labels that had arrived. */
export function fraudsOf(
  log: SimulatedLog,
  hasArrived: (label: LabelledTransaction) => boolean,
): ReadonlySet<string> {
  return new Set(log.labels.filter(hasArrived).map(({ label }) => label.transactionId));
}

/** What one shop, or one card in a shop, had of it. */
export function onlyOf(held: Held, isOwn: (sale: Sale) => boolean): Held {
  return { ...held, sales: held.sales.filter(isOwn) };
}

/** How many a state without a ring held in tiles of 12 hours back to 7 days, this sale included. */
export function countOf7Days(held: readonly Sale[], now: Sale): number {
  return 1 + inTiles(held, now, { tileMs: 12 * hourMs, windowMs: 7 * dayMs }).length;
}

/** The same of a card, whose ring holds its eight latest: up to those exactly, to the millisecond. */
export function countOf7DaysByRing(held: readonly Sale[], now: Sale): number {
  if (held.length > 8) return countOf7Days(held, now);
  const fromMs = now.occurredAtMs - 7 * dayMs;
  return 1 + held.filter(({ occurredAtMs: atMs }) => atMs > fromMs && atMs <= now.occurredAtMs).length;
}

/** The sum in tiles of 2 hours back to a day, this sale included, to the cent. */
export function sumOf24Hours(held: readonly Sale[], now: Sale): number {
  const sales = [...inTiles(held, now, { tileMs: 2 * hourMs, windowMs: dayMs }), now];
  return Math.fround(sales.reduce((cents, { amount }) => cents + Math.round(amount * 100), 0) / 100);
}

/** Share of fraud of the whole tiles that ended a delay ago; −1 where they held nothing. */
export function fraudShare(
  { sales, frauds }: Held,
  now: Sale,
  span: { readonly tileMs: number; readonly windowMs: number; readonly delayMs: number },
): number {
  const { tileMs, windowMs, delayMs } = span;
  const untilMs = Math.floor((now.occurredAtMs - delayMs) / tileMs) * tileMs;
  // What a newer sale has pushed out of the tiles is no longer known.
  const newestMs = Math.max(...sales.map(({ occurredAtMs }) => occurredAtMs));
  const keptFromMs = (Math.floor(newestMs / tileMs) - (windowMs + delayMs) / tileMs) * tileMs;
  const fromMs = Math.max(untilMs - windowMs, keptFromMs);
  const counted = sales.filter(({ occurredAtMs }) => occurredAtMs >= fromMs && occurredAtMs < untilMs);
  if (counted.length === 0) return -1;
  return Math.fround(counted.filter(({ id }) => frauds.has(id)).length / counted.length);
}

/** Those of the tiles from a window ago up to the sale's own, whole. */
function inTiles(
  held: readonly Sale[],
  now: Sale,
  { tileMs, windowMs }: { readonly tileMs: number; readonly windowMs: number },
): readonly Sale[] {
  const tileOf = ({ occurredAtMs }: Sale): number => Math.floor(occurredAtMs / tileMs);
  const last = tileOf(now);
  return held.filter((sale) => tileOf(sale) <= last && tileOf(sale) > last - windowMs / tileMs);
}

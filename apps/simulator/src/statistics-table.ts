import type { Histogram } from "./histogram.ts";
import type { Group, StreamStatistics } from "./statistics.ts";

/** The statistics as Markdown: the same text stands in docs/simulator.md. */
export function statisticsTable(statistics: StreamStatistics): string {
  const { transactions, fraud, firstMs, lastMs } = statistics;
  const days = (lastMs - firstMs) / 86_400_000;
  const facts: readonly (readonly [string, string])[] = [
    ["transactions", number(transactions)],
    ["event time", `${days.toFixed(1)} days, ${number(transactions / days)} transactions a day`],
    ["cards seen", number(statistics.cards)],
    ["merchants seen", number(statistics.merchants)],
    ["share of the busiest merchant", percent(statistics.busiestMerchant, transactions)],
    ["fraud", `${number(fraud)} (${percent(fraud, transactions)})`],
    ["frauds that get a label", percent(statistics.fraudLabelled, fraud)],
    ["honest ones called fraud", number(statistics.honestCalledFraud)],
    ["honest ones released by an analyst", number(statistics.honestReleased)],
  ];
  return [
    table(["what", "value"], facts),
    groupTable("pattern", statistics.byPattern, transactions),
    groupTable("channel", statistics.byChannel, transactions),
    groupTable("entry mode", statistics.byEntryMode, transactions),
    delayTable(statistics.delays),
    table(
      ["weekday (UTC)", "share"],
      shares(statistics.byWeekday, transactions, (day) => weekdays[day] ?? ""),
    ),
    table(
      ["hour (UTC)", "share"],
      shares(statistics.byHour, transactions, (hour) => String(hour).padStart(2, "0")),
    ),
  ].join("\n\n");
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

function groupTable(name: string, groups: ReadonlyMap<string, Group>, transactions: number): string {
  const rows = [...groups]
    .toSorted(([, first], [, second]) => second.count - first.count)
    .map(([group, { count, fraud, euros }]) => [
      group,
      number(count),
      percent(count, transactions),
      percent(fraud, count),
      ...[0.1, 0.5, 0.9, 0.99].map((share) => euros.quantile(share).toFixed(2)),
    ]);
  return table([name, "transactions", "share", "fraud", "EUR p10", "p50", "p90", "p99"], rows);
}

function delayTable(delays: ReadonlyMap<string, Histogram>): string {
  const rows = [...delays]
    .toSorted(([, first], [, second]) => first.quantile(0.5) - second.quantile(0.5))
    .map(([source, hours]) => [
      source,
      number(hours.count),
      ...[0.1, 0.5, 0.9, 0.99].map((share) => duration(hours.quantile(share))),
    ]);
  return table(["label from", "labels", "delay p10", "p50", "p90", "p99"], rows);
}

function shares(counts: readonly number[], total: number, name: (index: number) => string): string[][] {
  return counts.map((count, index) => [name(index), percent(count, total)]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

function percent(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (part / whole) * 100;
  return `${share.toFixed(share < 10 ? 2 : 1)} %`;
}

function duration(hours: number): string {
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

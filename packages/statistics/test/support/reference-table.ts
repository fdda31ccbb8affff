import { statisticalTests } from "../../src/index.ts";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function rangeText([low, high]: readonly [number, number]): string {
  const side = (value: number): string => String(value).replace("Infinity", "∞").replace("-", "−");
  return `${side(low)} … ${side(high)}`;
}

/** The table of `docs/reference/statistics.md`, from the list. */
export function referenceTable(): string {
  const head = ["test", "takes", "formula", "larger means", "unit, range", "from", "valid", "source"];
  const rows = statisticalTests.map((entry) => [
    `**${entry.title}** \`${entry.name}\``,
    `${entry.takes.join(", ")} (${entry.values.join(", ")})`,
    entry.formula,
    entry.larger,
    `${entry.unit}; ${rangeText(entry.range)}`,
    String(entry.minimumValues),
    entry.validity,
    entry.source,
  ]);
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`);
  return lines.join("\n");
}

const width = 110;

/** JSON in the house format: objects spread out, lists of plain values on one line where they fit. */
export function jsonText(value: unknown): string {
  // Through JSON once: what a library's objects carry beside their data (functions) is left out.
  return `${textOf(JSON.parse(JSON.stringify(value)), "", 0)}\n`;
}

/** @param taken columns of the line before the value. */
function textOf(value: unknown, indent: string, taken: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const plain = value.every((item) => typeof item !== "object" || item === null);
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    if (plain && taken + line.length < width) return line;
    const items = value.map((item) => deeper + textOf(item, deeper, deeper.length));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => {
    const start = `${deeper}${JSON.stringify(key)}: `;
    return start + textOf(item, deeper, start.length);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

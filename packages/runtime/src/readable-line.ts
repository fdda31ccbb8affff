/** A line of JSON as a person at a terminal reads it: time of day, level, event, fields. */
export function readableLine(line: string): string {
  const { time, level, service, event, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const pairs = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const at = String(time).slice("2026-01-01T".length, -1);
  return `${at} ${String(level).padEnd(5)} ${String(service)} ${String(event)}${pairs.join("")}\n`;
}

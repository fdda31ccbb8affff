import { logEvents, type LogEventDefinition } from "@tollgate/telemetry";

const levels = ["error", "warn", "info", "debug"] as const;

/** The reference page of every log line, made from the catalogue. */
export function logEventsPage(): string {
  const events = Object.entries<LogEventDefinition>(logEvents);
  return [
    "# Log events",
    "",
    "Made from `packages/runtime/src/log-events.ts` by `npm run dashboards`; a test holds this page to it.",
    "How logs are read, redacted and made more or less talkative: [telemetry](../telemetry.md).",
    "",
    "A line is one JSON object with `level`, `time`, `service`, `event` and the event's own fields; lines",
    "about one transaction also have `transactionId`, `requestId` and, where it is traced, `traceId`. A",
    "field with a question mark may be absent.",
    ...levels.flatMap((level) => [
      "",
      `## ${level}`,
      "",
      "| event | fields | meaning |",
      "|---|---|---|",
      ...events.filter(([, event]) => event.level === level).map(eventRow),
    ]),
    "",
  ].join("\n");
}

function eventRow([name, { fields, meaning }]: readonly [string, LogEventDefinition]): string {
  const held = Object.entries(fields).map(([field, type]) => `\`${field}${type.endsWith("?") ? "?" : ""}\``);
  return `| \`${name}\` | ${held.join(", ") || "–"} | ${meaning} |`;
}

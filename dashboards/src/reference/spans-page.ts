import { spans, type SpanDefinition } from "@tollgate/telemetry";

/** The reference page of every span, made from the catalogue. */
export function spansPage(): string {
  return [
    "# Spans",
    "",
    "Made from `packages/telemetry/src/tracing/span-catalogue.ts` by `npm run dashboards`; a test holds this",
    "page to it. How tracing is switched on, and which traces are kept: [telemetry](../telemetry.md).",
    "",
    "The first span of a process is `in` or `archive`; all others are children of `in`, and `archive` is a",
    "child of `record`. `tollgate.transactions` says how many transactions shared the step; each has it in",
    "its own trace. No attribute holds a card, an address or a key.",
    "",
    "| name | kind | attributes | meaning |",
    "|---|---|---|---|",
    ...Object.values<SpanDefinition>(spans).map(spanRow),
    "",
  ].join("\n");
}

function spanRow({ name, kinds, attributes, meaning }: SpanDefinition): string {
  const held = Object.entries(attributes).map(([attribute, type]) => `\`${attribute}\` (${type})`);
  return `| \`${name}\` | ${kinds.join(", ")} | ${held.join(", ") || "–"} | ${meaning} |`;
}

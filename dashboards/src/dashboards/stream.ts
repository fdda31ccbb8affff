import { outboxLimits } from "@tollgate/event-log";
import { catalogue } from "@tollgate/telemetry";
import { alertLimits } from "../alerts/limits.ts";
import { sum } from "../metrics/promql.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { lagPanel } from "./common-panels.ts";
import { rateHere, rateOrZeroHere, seriesHere } from "./here.ts";

/** From Kafka to Kafka and PostgreSQL. */
export function stream(): DashboardDefinition {
  return {
    uid: "tollgate-stream",
    title: "Stream",
    description: "Kafka in, Kafka out, and the archive: what waits, what moves, what could not be read.",
    rows: [
      { title: "What waits", panels: [lagPanel(), outboxPanel(), outboxBytesPanel] },
      { title: "What moves", panels: [appendsPanel, rowsPanel, duplicatesPanel] },
      { title: "What could not be read", panels: [deadLettersPanel, unreadablePanel] },
    ],
  };
}

export function outboxPanel(): Panel {
  return {
    title: "Outbox",
    description:
      "Decisions on a replica's disk that Kafka does not have yet. Above zero: Kafka does not acknowledge.",
    kind: "lines",
    unit: "short",
    width: 12,
    queries: [{ legend: "{{instance}}", expression: sum(seriesHere("outboxPending"), ["instance"]) }],
    alerts: ["OutboxNotEmpty"],
  };
}

const outboxBytesPanel: Panel = {
  title: "Outbox, size",
  description:
    `Size of the outbox; the line is half of the ${outboxLimits.maxBytes / 2 ** 20} MiB it may have. ` +
    "Full: scoring refuses.",
  kind: "lines",
  unit: "bytes",
  width: 12,
  thresholds: { bad: alertLimits.outboxShare * outboxLimits.maxBytes },
  queries: [{ legend: "{{instance}}", expression: sum(seriesHere("outboxPendingBytes"), ["instance"]) }],
  alerts: ["OutboxFilling"],
};

const appendsPanel: Panel = {
  title: "Decisions made durable",
  description: "Decisions a second that Kafka acknowledged, or that went to the outbox while Kafka is away.",
  kind: "stacked",
  unit: "recps",
  width: 12,
  queries: byValue(catalogue.eventLogAppends.labels.destination, (destination) =>
    rateHere("eventLogAppends", { destination }),
  ),
  alerts: ["OutboxNotEmpty"],
};

const rowsPanel: Panel = {
  title: "Rows archived",
  description: "Decisions and labels a second written to PostgreSQL for the first time.",
  kind: "lines",
  unit: "recps",
  width: 12,
  queries: byValue(["decisions", "labels"], (table) => rateOrZeroHere("ledgerRows", { table })),
  alerts: ["LabelsMissing"],
};

const duplicatesPanel: Panel = {
  title: "Seen again",
  description: "Transactions or records a second that came again, by where it was noticed. They count once.",
  kind: "lines",
  unit: "recps",
  width: 12,
  queries: byValue(catalogue.duplicates.labels.source, (source) => rateHere("duplicates", { source })),
};

const deadLettersPanel: Panel = {
  title: "Dead letters by reason",
  description:
    "Records a second that could not be read as transactions; they are kept on a topic of their own.",
  kind: "stacked",
  unit: "recps",
  width: 12,
  queries: byValue(catalogue.deadLetters.labels.reason, (reason) => rateHere("deadLetters", { reason })),
  alerts: ["DeadLetters"],
};

const unreadablePanel: Panel = {
  title: "Records that could not be archived",
  description:
    "Records a second of the decision log or the labels that no row can be made of; they are kept.",
  kind: "lines",
  unit: "recps",
  width: 12,
  queries: [
    { legend: "unreadable", expression: rateOrZeroHere("ledgerRows", { table: "unreadable_records" }) },
  ],
  alerts: ["LedgerRecordsUnreadable"],
};

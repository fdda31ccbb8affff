import { exporterMetrics, type ExportedService } from "../metrics/exporter-metrics.ts";
import { rate, sum } from "../metrics/promql.ts";
import type { Panel } from "../panels/panel.ts";

/** Panels of what an exporter shows; empty where none runs. */
export const exporterPanels: Readonly<Record<ExportedService, readonly Panel[]>> = {
  redis: redisPanels(),
  postgres: postgresPanels(),
  kafka: kafkaPanels(),
  gpu: gpuPanels(),
};

function redisPanels(): readonly Panel[] {
  const { memoryBytes, commands, clients, evictions } = exporterMetrics.redis;
  return [
    lines({
      title: "Redis: memory",
      description: "Memory of the states of cards, merchants and terminals. Full, writes are refused.",
      unit: "bytes",
      queries: [{ legend: "used", expression: sum(memoryBytes) }],
    }),
    lines({
      title: "Redis: commands",
      description: "Commands a second: a batch of transactions is a few, whatever its size.",
      unit: "cps",
      queries: [{ legend: "commands", expression: sum(perSecond(commands)) }],
    }),
    lines({
      title: "Redis: clients",
      description: "Connections that are open. A rise without new processes is a leak.",
      unit: "short",
      queries: [{ legend: "clients", expression: sum(clients) }],
    }),
    lines({
      title: "Redis: evictions",
      description: "Keys a second that were thrown out for want of memory: must be 0, each is a lost state.",
      unit: "cps",
      queries: [{ legend: "evicted", expression: sum(perSecond(evictions)) }],
    }),
  ];
}

function postgresPanels(): readonly Panel[] {
  const { connections, commits, sizeBytes } = exporterMetrics.postgres;
  return [
    lines({
      title: "PostgreSQL: connections",
      description: "Connections that are open, by database.",
      unit: "short",
      queries: [{ legend: "{{datname}}", expression: `${sum(connections, ["datname"])} > 0` }],
    }),
    lines({
      title: "PostgreSQL: commits",
      description: "Transactions a second that were committed, of all databases: one holds many decisions.",
      unit: "cps",
      queries: [{ legend: "commits", expression: sum(perSecond(commits)) }],
    }),
    lines({
      title: "PostgreSQL: size",
      description: "Size on disk by database: it grows with every decision that is archived.",
      unit: "bytes",
      queries: [{ legend: "{{datname}}", expression: sum(sizeBytes, ["datname"]) }],
    }),
  ];
}

function kafkaPanels(): readonly Panel[] {
  const { bytesIn, bytesOut, requests, logBytes, underReplicated } = exporterMetrics.kafka;
  return [
    lines({
      title: "Kafka: bytes in and out",
      description: "Bytes a second written and read. Out is in times the number of readers.",
      unit: "bytes",
      queries: [
        { legend: "in", expression: sum(perSecond(bytesIn)) },
        { legend: "out", expression: sum(perSecond(bytesOut)) },
      ],
    }),
    lines({
      title: "Kafka: requests",
      description: "Requests a second by kind, the five most frequent: small batches make many.",
      unit: "reqps",
      queries: [{ legend: "{{request}}", expression: `topk(5, ${sum(perSecond(requests), ["request"])})` }],
    }),
    lines({
      title: "Kafka: size of the log",
      description: "Size on disk by topic, the five largest: it grows until retention ends it.",
      unit: "bytes",
      queries: [{ legend: "{{topic}}", expression: `topk(5, ${sum(logBytes, ["topic"])})` }],
    }),
    lines({
      title: "Kafka: partitions with too few copies",
      description:
        "Partitions whose copies are behind or away: must be 0, a broker that fails then loses data.",
      unit: "short",
      queries: [{ legend: "under-replicated", expression: sum(underReplicated) }],
    }),
  ];
}

function gpuPanels(): readonly Panel[] {
  const { utilisationPercent, memoryUsedMiB, temperatureCelsius, powerWatts } = exporterMetrics.gpu;
  const each = (expression: string): Panel["queries"] => [{ legend: "GPU {{gpu}}", expression }];
  return [
    lines({
      title: "GPU: utilisation",
      description: "Share of time in which a kernel ran. Near 1 for minutes: rows wait for the device.",
      unit: "percentunit",
      queries: each(`${utilisationPercent} / 100`),
    }),
    lines({
      title: "GPU: memory",
      description: "Memory of the device in use: the models, and the batches under way.",
      unit: "bytes",
      queries: each(`${memoryUsedMiB} * ${2 ** 20}`),
    }),
    lines({
      title: "GPU: temperature",
      description: "Temperature in °C. Near its limit a device slows down by itself.",
      unit: "short",
      queries: each(temperatureCelsius),
    }),
    lines({
      title: "GPU: power",
      description: "Power in watts: at the device's limit it is as busy as it can be.",
      unit: "short",
      queries: each(powerWatts),
    }),
  ];
}

// The exporters are scraped every 15 s: a rate needs two scrapes, on the local stack's short windows too.
function perSecond(series: string): string {
  return rate(series, "1m");
}

function lines(panel: Omit<Panel, "kind" | "width">): Panel {
  return { ...panel, kind: "lines", width: 12 };
}

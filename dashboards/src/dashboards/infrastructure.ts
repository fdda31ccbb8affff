import type { Promises } from "../alerts/alert.ts";
import { alertLimits } from "../alerts/limits.ts";
import { processMetrics, scrapeJob, scrapeMetrics } from "../metrics/process-metrics.ts";
import { rate, sum } from "../metrics/promql.ts";
import { matching, selector } from "../metrics/select.ts";
import { exporterPanels } from "./exporter-panels.ts";
import type { DashboardDefinition, Panel, PanelQuery } from "../panels/panel.ts";

const ofPlatform = { job: scrapeJob, instance: matching("$instance") } as const;

/** The processes: whether they answer, what they use, where they stand still. */
export function infrastructure(promises: Promises): DashboardDefinition {
  return {
    uid: "tollgate-infrastructure",
    title: "Infrastructure",
    description: "Each process of the platform: whether it answers, what it uses, where it stands still.",
    rows: [
      { title: "Processes", panels: [upPanel, uptimePanel] },
      { title: "What they use", panels: [processorPanel, memoryPanel, heapPanel, filesPanel] },
      { title: "Where they stand still", panels: [eventLoopPanel(promises), collectionPanel, scrapePanel] },
      { title: "Kafka", panels: exporterPanels.kafka },
      { title: "Redis", panels: exporterPanels.redis },
      { title: "PostgreSQL", panels: exporterPanels.postgres },
      { title: "GPU, on a machine with NVIDIA's dcgm-exporter", panels: exporterPanels.gpu },
    ],
  };
}

function each(expression: (name: string) => string, name: string): readonly PanelQuery[] {
  return [{ legend: "{{instance}}", expression: expression(selector(name, ofPlatform)) }];
}

const itself = (series: string): string => series;
const aSecond = (series: string): string => rate(series, "$__rate_interval");

const upPanel: Panel = {
  title: "Processes",
  description: "1 where Prometheus reaches a process, 0 where not.",
  kind: "lines",
  unit: "short",
  width: 12,
  badBelow: 1,
  queries: each(itself, scrapeMetrics.up),
  alerts: ["ProcessDown", "NothingMonitored"],
};

const uptimePanel: Panel = {
  title: "Uptime",
  description: "Time since each process started: a saw is a crash loop.",
  kind: "lines",
  unit: "dtdurations",
  width: 12,
  queries: each((series) => `time() - ${series}`, processMetrics.startTime),
  alerts: ["ProcessRestarting"],
};

const processorPanel: Panel = {
  title: "Processor",
  description: "Processor seconds a second: 1 is one core. The main thread cannot use more than one.",
  kind: "lines",
  unit: "short",
  decimals: 2,
  width: 12,
  queries: each(aSecond, processMetrics.cpuSeconds),
  alerts: ["EventLoopBlocked"],
};

const memoryPanel: Panel = {
  title: "Memory, resident",
  description: "All the memory of a process that is in RAM: heap, buffers, the model.",
  kind: "lines",
  unit: "bytes",
  width: 12,
  queries: each(itself, processMetrics.residentBytes),
  alerts: ["ProcessRestarting"],
};

const heapPanel: Panel = {
  title: "Memory, JavaScript heap",
  description: "Used heap: a floor that rises from one collection to the next over hours is a leak.",
  kind: "lines",
  unit: "bytes",
  width: 12,
  queries: each(itself, processMetrics.heapUsedBytes),
  alerts: ["ProcessRestarting"],
};

const filesPanel: Panel = {
  title: "Open files and connections",
  description: "Open file descriptors: connections above all. A rise without traffic is a leak.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: each(itself, processMetrics.openFiles),
};

function eventLoopPanel({ service }: Promises): Panel {
  return {
    title: "Event loop, p99",
    description:
      "One in a hundred turns of the event loop comes later than this. Every answer waits so long. The " +
      "line is the alert's: half of the promised latency.",
    kind: "lines",
    unit: "s",
    width: 12,
    thresholds: { bad: (alertLimits.eventLoopShareOfLatency * service.scoringLatencyP99Ms) / 1_000 },
    queries: each(itself, processMetrics.eventLoopLagP99),
    alerts: ["EventLoopBlocked"],
  };
}

const collectionPanel: Panel = {
  title: "Garbage collection",
  description: "Share of time that a process collects garbage, and does nothing else.",
  kind: "lines",
  unit: "percentunit",
  decimals: 2,
  width: 12,
  queries: each((series) => sum(aSecond(series), ["instance"]), `${processMetrics.garbageCollection}_sum`),
  alerts: ["EventLoopBlocked"],
};

const scrapePanel: Panel = {
  title: "Time of a scrape",
  description: "How long a process took to show its metrics: long when its event loop is busy.",
  kind: "lines",
  unit: "s",
  width: 12,
  queries: each(itself, scrapeMetrics.duration),
  alerts: ["ProcessDown"],
};

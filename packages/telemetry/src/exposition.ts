import type { Telemetry } from "./create-telemetry.ts";

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The metrics in the format that the caller takes: OpenMetrics, which has exemplars, or Prometheus' text.
 * @param accept the request's `Accept` header.
 */
export async function exposition(telemetry: Telemetry, accept: string | undefined): Promise<Exposition> {
  const openMetrics = accept?.includes("application/openmetrics-text") === true;
  const text = await telemetry.render(openMetrics ? "openmetrics" : "text");
  // A rendering over several processes is in Prometheus' text whatever was asked for.
  const contentType = text.endsWith(openMetricsEnd) ? openMetricsContentType : telemetry.contentType;
  return { contentType, text };
}

const openMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const openMetricsEnd = "# EOF\n";

/** Prometheus' text as OpenMetrics: no empty lines, counters described without `_total`, an end. */
export function asOpenMetrics(text: string): string {
  const counters = [...text.matchAll(/^# TYPE (\S+)_total counter$/gmu)].map(([, name = ""]) => name);
  const described = new Set(counters);
  const lines = text.split("\n").filter((line) => line !== "");
  const rewritten = lines.map((line) =>
    line.replace(/^# (HELP|TYPE) (\S+)_total /u, (all, what: string, name: string) =>
      described.has(name) ? `# ${what} ${name} ` : all,
    ),
  );
  return `${rewritten.join("\n")}\n${openMetricsEnd}`;
}

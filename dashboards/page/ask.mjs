/** Asks Prometheus for a panel, as Grafana would. */

const scrapeSeconds = 5;
const pointsShown = 240;

/**
 * @param {{ expression: string, legend: string }[]} queries
 * @param {{ rangeSeconds: number, instance: string }} view
 * @returns the times asked for, and each series with its value (or null) at each of them
 */
export async function askRange(queries, view) {
  const step = Math.max(scrapeSeconds, Math.ceil(view.rangeSeconds / pointsShown / 5) * 5);
  const end = Math.floor(Date.now() / 1000 / step) * step;
  const start = end - view.rangeSeconds;
  const times = Array.from(
    { length: Math.floor(view.rangeSeconds / step) + 1 },
    (_, at) => start + at * step,
  );
  const results = await Promise.all(
    queries.map(async ({ expression, legend }) => {
      const query = filled(expression, { ...view, step });
      const parameters = new URLSearchParams({ query, start, end, step });
      const answer = await getJson(`/api/v1/query_range?${parameters}`);
      return answer.data.result.map((one) => toSeries(one, { legend, times }));
    }),
  );
  return { times, series: results.flat() };
}

/** The names of the processes that Prometheus knows. */
export async function askInstances() {
  const answer = await getJson("/api/v1/label/instance/values");
  return answer.data;
}

/** @param {string} url */
export async function getJson(url) {
  const response = await fetch(url);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `${url}: ${response.status}`);
  return answer;
}

function filled(expression, { rangeSeconds, instance, step }) {
  const rateSeconds = Math.max(step + scrapeSeconds, 4 * scrapeSeconds);
  return expression
    .replaceAll("$__rate_interval", `${rateSeconds}s`)
    .replaceAll("$__range", `${rangeSeconds}s`)
    .replaceAll("$instance", instance);
}

function toSeries({ metric, values }, { legend, times }) {
  const byTime = new Map(values.map(([time, value]) => [time, Number(value)]));
  const numbers = times.map((time) => {
    const value = byTime.get(time);
    return value !== undefined && Number.isFinite(value) ? value : null;
  });
  const name = legend.replaceAll(/\{\{(\w+)\}\}/gu, (_, label) => metric[label] ?? "");
  return { name, labels: metric, values: numbers };
}

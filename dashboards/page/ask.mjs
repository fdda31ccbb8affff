/** Asks Prometheus for a panel, as Grafana would. */

const scrapeSeconds = 5;
const pointsShown = 240;

/**
 * @param {{ expression: string, legend: string }[]} queries
 * @param {{ rangeSeconds: number, chosen: Record<string, string> }} view
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

/** The values that a variable may have, as regular expressions by their names. */
export async function askValues({ name, source }) {
  const values =
    source.values ??
    (await getJson(`/api/v1/label/${name}/values?${new URLSearchParams({ "match[]": source.series })}`)).data;
  return values.map((value) => [value, value.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&")]);
}

/** The moments at which something began, within the time shown. */
export async function askMarks(marks, view) {
  const found = await Promise.all(
    marks.map(async ({ expression, text, colour }) => {
      const { times, series } = await askRange([{ expression, legend: text }], view);
      return series.flatMap(({ name, values }) =>
        times
          // What lasts since before the first point began at a time that is not shown.
          .filter((_, at) => at > 0 && values[at] !== null && values[at - 1] === null)
          .map((time) => ({ time, text: name, colour })),
      );
    }),
  );
  return found.flat().toSorted((a, b) => a.time - b.time);
}

/** @param {string} url */
export async function getJson(url) {
  const response = await fetch(url);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `${url}: ${response.status}`);
  return answer;
}

function filled(expression, { rangeSeconds, chosen, step }) {
  const rateSeconds = Math.max(step + scrapeSeconds, 4 * scrapeSeconds);
  const whole = expression
    .replaceAll("$__rate_interval", `${rateSeconds}s`)
    .replaceAll("$__range", `${rangeSeconds}s`);
  return Object.entries(chosen).reduce(
    (text, [name, value]) => text.replaceAll(`"$${name}"`, JSON.stringify(value)),
    whole,
  );
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

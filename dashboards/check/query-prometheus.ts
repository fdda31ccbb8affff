import { checkLimits } from "./limits.ts";

/** What came of one query. */
export type QueryResult =
  | { readonly state: "data"; readonly series: number }
  | { readonly state: "empty" }
  | { readonly state: "failed"; readonly reason: string };

/** What Grafana puts in the place of its variables, for all of everything and two scrapes at least. */
const substitutes: readonly (readonly [string, string])[] = [
  ["$__rate_interval", "20s"],
  ["$__range", `${checkLimits.rangeSeconds}s`],
  ...["engagement", "model", "version", "segment", "instance"].map((name) => [`$${name}`, ".*"] as const),
];

/** Runs a panel's query as Grafana would; a series counts as data when one of its values is a number. */
export async function queryPrometheus(url: string, expression: string): Promise<QueryResult> {
  const query = substitutes.reduce((text, [name, value]) => text.replaceAll(name, value), expression);
  const end = Math.floor(Date.now() / 1_000);
  const body = new URLSearchParams({
    query,
    start: String(end - checkLimits.rangeSeconds),
    end: String(end),
    step: String(checkLimits.stepSeconds),
  });
  try {
    const signal = AbortSignal.timeout(checkLimits.queryMs);
    const response = await fetch(`${url}/api/v1/query_range`, { method: "POST", body, signal });
    const answer = (await response.json()) as RangeAnswer;
    if (answer.status !== "success") return { state: "failed", reason: answer.error };
    const withNumbers = answer.data.result.filter(({ values }) =>
      values.some(([, value]) => Number.isFinite(Number(value))),
    );
    return withNumbers.length > 0 ? { state: "data", series: withNumbers.length } : { state: "empty" };
  } catch (error) {
    return { state: "failed", reason: (error as Error).message };
  }
}

/** Prometheus' answer to a range query. */
type RangeAnswer =
  | {
      readonly status: "success";
      readonly data: {
        readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[];
      };
    }
  | { readonly status: "error"; readonly error: string };

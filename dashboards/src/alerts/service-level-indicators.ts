import { orZero, rate, sum, type Window } from "../metrics/promql.ts";
import { matching, select, selectPart, selectUpTo } from "../metrics/select.ts";
import type { Promises } from "./alert.ts";

/** A rule that stores the result of a query under a new name. */
export interface RecordingRule {
  readonly record: string;
  readonly expression: string;
}

/** A promise with an error budget: the share of bad requests, by window, and how many may be bad. */
export interface ServiceLevel {
  readonly name: "latency" | "availability";
  /** What happens to a bad request: "took longer than 100 ms". */
  readonly badRequest: string;
  /** In [0, 1]. */
  readonly budgetShare: number;
  readonly badShare: (window: Window) => string;
  /** Name under which the share over a window is recorded. */
  readonly recorded: (window: Window) => string;
}

/** The routes that the promises are about. */
export const scoreRoute = "/v1/score";
const scoreRoutes = matching("/v1/score(/batch)?");

/** What is measured against the promises. A batch has a deadline of its own: no latency promise. */
export function serviceLevels({ service }: Promises): readonly ServiceLevel[] {
  const promisedSeconds = service.scoringLatencyP99Ms / 1_000;
  const where = { route: scoreRoute };
  return [
    {
      name: "latency",
      badRequest: `took longer than ${service.scoringLatencyP99Ms} ms`,
      budgetShare: 0.01,
      badShare: (window) => {
        const inTime = sum(rate(selectUpTo("httpRequestDuration", promisedSeconds, where), window));
        return `1 - ${inTime} / ${sum(rate(selectPart("httpRequestDuration", "count", where), window))}`;
      },
      recorded: (window) => `tollgate:scoring_slow:ratio_rate${window}`,
    },
    {
      name: "availability",
      badRequest: "failed with a 5xx",
      budgetShare: 1 - service.availabilityShare,
      badShare: (window) => {
        const all = sum(rate(select("httpRequests", { route: scoreRoutes }), window));
        const failed = select("httpRequests", { route: scoreRoutes, status: matching("5..") });
        return `${orZero(sum(rate(failed, window)))} / ${all}`;
      },
      recorded: (window) => `tollgate:scoring_failed:ratio_rate${window}`,
    },
  ];
}

const windows: readonly Window[] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/** Each share over each window that an alert looks at, so that the long ones are computed once. */
export function serviceLevelRecordings(promises: Promises): readonly RecordingRule[] {
  return serviceLevels(promises).flatMap((level) =>
    windows.map((window) => ({ record: level.recorded(window), expression: level.badShare(window) })),
  );
}

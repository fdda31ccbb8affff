import { expect, test } from "vitest";
import { DriftApiError } from "../src/errors.ts";
import { parseVerdictQuery } from "../src/verdict-query.ts";

test("every filter is read; what is left out filters nothing", () => {
  const text =
    "model=card-payments@v3&window=hour&status=drifted&feature=f&segment=all&from=2026-03-01&limit=7";
  expect(parseVerdictQuery(new URLSearchParams(text))).toEqual({
    filter: {
      model: { name: "card-payments", version: 3 },
      kind: "hour",
      status: "drifted",
      feature: "f",
      segment: "all",
      fromMs: Date.UTC(2026, 2, 1),
    },
    limit: 7,
  });
  expect(parseVerdictQuery(new URLSearchParams())).toEqual({ filter: {}, limit: 50 });
});

test("every filter that cannot be used is named", () => {
  const wrong = new URLSearchParams("model=x&window=year&status=bad&until=soon&limit=0&colour=red");
  const attempt = (): unknown => parseVerdictQuery(wrong);
  expect(attempt).toThrow(DriftApiError);
  try {
    attempt();
  } catch (error) {
    const paths = (error as DriftApiError).faults.map(({ path }) => path);
    expect(paths.toSorted()).toEqual(["/colour", "/limit", "/model", "/status", "/until", "/window"]);
  }
});

import { expect, test } from "vitest";
import { label } from "../support/label.ts";
import { problemIn, startApi } from "../support/start-api.ts";

test("one wrong label keeps all of a list back, and every fault names its place", async () => {
  await using api = await startApi();
  const body = [label(), label({ fraud: "yes" }), label({ source: "rumour", extra: 1 })];
  const problem = await problemIn(await api.postJson("/v1/labels", body));
  expect(problem).toMatchObject({ status: 400, code: "INVALID_LABELS" });
  expect(problem.faults?.map(({ path }) => path)).toEqual(["/1/fraud", "/2/extra", "/2/source"]);
  expect(api.labels).toEqual([]);
});

test("faults of a single label have no index", async () => {
  await using api = await startApi();
  const problem = await problemIn(await api.postJson("/v1/labels", label({ labelledAt: "yesterday" })));
  expect(problem.faults?.map(({ path }) => path)).toEqual(["/labelledAt"]);
});

test("more than a thousand are refused", async () => {
  await using api = await startApi();
  const labels = Array.from({ length: 1_001 }, (_, index) => label({ labelId: `label-${index}` }));
  const problem = await problemIn(await api.postJson("/v1/labels", labels));
  expect(problem).toMatchObject({ status: 413, code: "TOO_MANY_ITEMS" });
});

test("a key that may score may not label", async () => {
  await using api = await startApi({ scopes: ["score"] });
  const problem = await problemIn(await api.postJson("/v1/labels", label()));
  expect(problem).toMatchObject({ status: 403, code: "MISSING_SCOPE" });
});

test("labels that the log did not take are not accepted: 503, try again", async () => {
  await using api = await startApi({
    labelSink: { append: () => Promise.reject(new Error("EVENT_LOG_UNAVAILABLE")) },
  });
  const response = await api.postJson("/v1/labels", label());
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await problemIn(response)).toMatchObject({ status: 503, code: "LABELS_NOT_RECORDED" });
});

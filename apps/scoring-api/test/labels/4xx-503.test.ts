import { labelFutureToleranceMs } from "@tollgate/contracts";
import { testClock } from "@tollgate/testkit";
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

test("a label from the future keeps all of a list back, and the fault says by how much", async () => {
  const clock = testClock(Date.UTC(2026, 2, 9, 12));
  await using api = await startApi({ clock });
  const ahead = (byMs: number): string => new Date(clock.nowMs() + byMs).toISOString();
  const near = label({ labelledAt: ahead(labelFutureToleranceMs) });
  expect((await api.postJson("/v1/labels", near)).status).toBe(202);
  const far = label({ labelId: "label-2", labelledAt: ahead(labelFutureToleranceMs + 1) });
  const problem = await problemIn(await api.postJson("/v1/labels", [near, far]));
  expect(problem).toMatchObject({ status: 400, code: "INVALID_LABELS" });
  const message = "must not lie more than 5 minutes in the future";
  expect(problem.faults).toEqual([{ path: "/1/labelledAt", message }]);
  expect(api.labels).toEqual([near]);
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

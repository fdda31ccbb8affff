import { expect, test } from "vitest";
import { startApi } from "../support/start-api.ts";
import { label } from "../support/label.ts";

test("one label is accepted, and handed on as sent", async () => {
  await using api = await startApi();
  const response = await api.postJson("/v1/labels", label());
  expect([response.status, await response.json()]).toEqual([202, { accepted: 1 }]);
  expect(api.labels).toEqual([label()]);
});

test("a list of labels is accepted together", async () => {
  await using api = await startApi();
  const labels = Array.from({ length: 1_000 }, (_, index) => label({ labelId: `label-${index}` }));
  const response = await api.postJson("/v1/labels", labels);
  expect([response.status, await response.json()]).toEqual([202, { accepted: 1_000 }]);
  expect(api.labels).toEqual(labels);
});

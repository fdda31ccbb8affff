import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("without a key, with a wrong or a cut one nothing is scored", async () => {
  await using api = await startApi();
  const wrong = `${api.key.slice(0, -1)}${api.key.endsWith("A") ? "B" : "A"}`;
  const attempts = [
    {},
    { authorization: "Bearer " },
    { authorization: `Bearer ${wrong}` },
    { authorization: `Bearer ${api.key.slice(0, 20)}` },
    { authorization: `Basic ${api.key}` },
    { "x-api-key": wrong },
  ];
  for (const headers of attempts) {
    const response = await fetch(`${api.url}/v1/score`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers } as Record<string, string>,
      body: JSON.stringify(payment()),
    });
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="tollgate"');
    expect(await problemIn(response)).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  }
  expect(api.decisions.size).toBe(0);
});

test("a key without the scope is known, and refused with the scope it lacks", async () => {
  await using api = await startApi({ scopes: ["labels"] });
  const problem = await problemIn(await api.postJson("/v1/score", payment()));
  expect(problem).toMatchObject({ status: 403, code: "MISSING_SCOPE" });
  expect(problem.detail).toContain("It needs the scope score.");
});

test("with authentication off everyone may score", async () => {
  await using api = await startApi({ keys: "off" });
  const response = await fetch(`${api.url}/v1/score`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(payment()),
  });
  expect(response.status).toBe(200);
});

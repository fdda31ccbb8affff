import { ScoringError } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { openRawConnection, requestText } from "../support/raw-connection.ts";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("a decision that could not be recorded is not given: 503, try again", async () => {
  await using api = await startApi({ scorer: () => Promise.reject(new ScoringError("NOT_RECORDED")) });
  const response = await api.postJson("/v1/score", payment());
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await problemIn(response)).toMatchObject({ status: 503, code: "NOT_RECORDED", retryable: true });
});

test("a fault of ours is a 500 that tells nothing of the inside", async () => {
  await using api = await startApi({
    scorer: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:6379")),
  });
  const problem = await problemIn(await api.postJson("/v1/score", payment()));
  expect(problem).toMatchObject({ status: 500, code: "INTERNAL", retryable: true });
  expect(JSON.stringify(problem)).not.toContain("10.0.0.7");
});

test("beyond its limit of requests in flight a replica says so at once, and recovers", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  await using inner = await startApi();
  await using api = await startApi({
    requestsInFlight: 1,
    scorer: async (requests, deadline) => {
      enter();
      await released;
      return inner.score(requests, deadline);
    },
  });
  const first = api.postJson("/v1/score", payment());
  await entered;
  const refused = await api.postJson("/v1/score", payment());
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await problemIn(refused)).toMatchObject({ status: 503, code: "OVERLOADED" });
  expect((await api.get("/livez")).status).toBe(200);
  release();
  expect((await first).status).toBe(200);
  expect((await api.postJson("/v1/score", payment())).status).toBe(200);
});

test("a client that leaves in mid-body takes no place, and nothing is scored", async () => {
  await using api = await startApi({ requestsInFlight: 1 });
  using connection = await openRawConnection(api.port);
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
  connection.write(requestText("POST /v1/score", { ...headers, "content-length": "400" }, '{"id":'));
  await expect.poll(async () => (await api.postJson("/v1/score", payment())).status).toBe(503);
  connection.kill();
  await expect.poll(async () => (await api.postJson("/v1/score", payment())).status).toBe(200);
  expect(await api.telemetry.render()).toContain(
    'tollgate_http_requests_total{route="/v1/score",status="aborted"} 1\n',
  );
});

test("a client that leaves before the answer has its decision recorded all the same", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  await using inner = await startApi();
  await using api = await startApi({
    scorer: async (requests, deadline) => {
      enter();
      await released;
      return inner.score(requests, deadline);
    },
  });
  using connection = await openRawConnection(api.port);
  const body = JSON.stringify(payment());
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
  connection.write(
    requestText("POST /v1/score", { ...headers, "content-length": String(body.length) }, body),
  );
  await entered;
  connection.kill();
  await expect
    .poll(() => new Promise((resolve) => api.server.getConnections((_error, count) => resolve(count))))
    .toBe(0);
  release();
  await expect.poll(() => inner.decisions.size).toBe(1);
  expect(await api.telemetry.render()).toContain('status="aborted"} 1\n');
});

import { expect, test } from "vitest";
import { openRawConnection, requestText } from "../support/raw-connection.ts";
import { payment, startApi } from "../support/start-api.ts";

test("pipelined requests are answered in order", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
  const requests = ["p-1", "p-2", "p-3"].map((id) => {
    const body = JSON.stringify(payment({ id }));
    return requestText("POST /v1/score", { ...headers, "content-length": String(body.length) }, body);
  });
  connection.write(requests.join(""));
  const received = await connection.receives(/p-3/);
  const ids = [...received.matchAll(/"transactionId":"(p-\d)"/g)].map((match) => match[1]);
  expect(ids).toEqual(["p-1", "p-2", "p-3"]);
});

test("what is no HTTP is answered with a problem, and the connection closed", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  connection.write("\x16\x03\x01 this is no HTTP\r\n\r\n");
  const received = await connection.untilClosed();
  expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(received).toContain('"code":"MALFORMED_REQUEST"');
});

test("headers beyond the limit are answered with 431", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  connection.write(requestText("GET /livez", { "x-filler": "a".repeat(20_000) }));
  expect(await connection.receives(/HEADERS_TOO_LARGE/)).toMatch(/^HTTP\/1\.1 431 /);
});

test("a client that sends its headers drop by drop is cut off", async () => {
  await using api = await startApi();
  // The same check that runs every second in production, with less patience.
  api.server.headersTimeout = 200;
  using connection = await openRawConnection(api.port);
  connection.write("POST /v1/score HTTP/1.1\r\nhost: te");
  const received = await connection.untilClosed();
  expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(received).toContain('"code":"REQUEST_TIMEOUT"');
});

test("a client that sends its body drop by drop is cut off, and nothing is scored", async () => {
  await using api = await startApi();
  api.server.headersTimeout = 100;
  api.server.requestTimeout = 200;
  using connection = await openRawConnection(api.port);
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
  connection.write(requestText("POST /v1/score", { ...headers, "content-length": "400" }, '{"id":'));
  expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
  expect(api.decisions.size).toBe(0);
});

test("a body with a length and in chunks is no request but an attack", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  const both = { "content-length": "5", "transfer-encoding": "chunked" };
  connection.write(requestText("POST /v1/score", both, "0\r\n\r\n"));
  expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
});

test("while it is being stopped, answers close their connection", async () => {
  let draining = false;
  await using api = await startApi({ isDraining: () => draining });
  expect((await api.postJson("/v1/score", payment())).headers.get("connection")).toBe("keep-alive");
  draining = true;
  const response = await api.postJson("/v1/score", payment());
  expect([response.status, response.headers.get("connection")]).toEqual([200, "close"]);
});

test("stopping waits for the answer in flight", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  await using inner = await startApi();
  const api = await startApi({
    scorer: async (requests, deadline) => {
      enter();
      await released;
      return inner.score(requests, deadline);
    },
  });
  const answered = api.postJson("/v1/score", payment());
  await entered;
  api.server.close();
  release();
  expect((await answered).status).toBe(200);
  await expect(api.get("/livez")).rejects.toThrow("fetch failed");
});

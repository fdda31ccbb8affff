import { expect, test } from "vitest";
import { openRawConnection, requestText } from "../support/raw-connection.ts";
import { payment, problemIn, startApi, type RunningApi } from "../support/start-api.ts";

const tenMegabytes = 10_000_000;

function headersOf(api: RunningApi): Record<string, string> {
  return { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
}

test("10 MB are refused, and the client sees why", async () => {
  await using api = await startApi();
  const response = await api.post("/v1/score", Buffer.alloc(tenMegabytes, "a"));
  expect(response.headers.get("connection")).toBe("close");
  const problem = await problemIn(response);
  expect(problem).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
  expect(problem.detail).toContain("The limit is 16384 bytes.");
});

test("a body that declares too much is refused before its first byte", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  const headers = { ...headersOf(api), "content-length": String(tenMegabytes) };
  connection.write(requestText("POST /v1/score", headers));
  expect(await connection.receives(/BODY_TOO_LARGE/)).toMatch(/^HTTP\/1\.1 413 /);
  await connection.untilClosed();
});

test("a client that asks first (Expect: 100-continue) is never told to send it", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  const headers = { ...headersOf(api), expect: "100-continue", "content-length": String(tenMegabytes) };
  connection.write(requestText("POST /v1/score", headers));
  expect(await connection.receives(/BODY_TOO_LARGE/)).not.toContain("100 Continue");
});

test("a client that asks first with a small body is told to go on", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  const body = JSON.stringify(payment());
  const headers = { ...headersOf(api), expect: "100-continue", "content-length": String(body.length) };
  connection.write(requestText("POST /v1/score", headers));
  await connection.receives(/100 Continue/);
  connection.write(body);
  expect(await connection.receives(/"transactionId"/)).toContain("HTTP/1.1 200 OK");
});

test("a body without a length is refused by count while it streams", async () => {
  await using api = await startApi();
  using connection = await openRawConnection(api.port);
  connection.write(requestText("POST /v1/score", { ...headersOf(api), "transfer-encoding": "chunked" }));
  const chunk = `1000\r\n${" ".repeat(4_096)}\r\n`;
  connection.write(chunk.repeat(5));
  expect(await connection.receives(/BODY_TOO_LARGE/)).toMatch(/^HTTP\/1\.1 413 /);
  connection.write("0\r\n\r\n");
  await connection.untilClosed();
});

test("the largest body allowed is read", async () => {
  await using api = await startApi();
  const body = JSON.stringify(payment()).padEnd(16_384, " ");
  expect((await api.post("/v1/score", body)).status).toBe(200);
  expect((await problemIn(await api.post("/v1/score", `${body} `))).status).toBe(413);
});

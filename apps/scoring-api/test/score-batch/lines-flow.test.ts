import { until } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { apiLimits } from "../../src/limits.ts";
import { openLines, type LinesRequest } from "../support/lines-request.ts";
import { valueOf } from "../support/metric-value.ts";
import { openRawConnection, requestText } from "../support/raw-connection.ts";
import { payment, problemIn, startApi, type RunningApi } from "../support/start-api.ts";
import { testClock } from "../support/test-clock.ts";

function lines(count: number, prefix = "l"): string {
  return Array.from(
    { length: count },
    (_, index) => `${JSON.stringify(payment({ id: `${prefix}-${index}` }))}\n`,
  ).join("");
}

const aborted = 'tollgate_http_requests_total{route="/v1/score/batch",status="aborted"}';

async function abortedCount(api: RunningApi, count: number): Promise<void> {
  const isThere = async (): Promise<boolean> => valueOf(await api.telemetry.render(), aborted) === count;
  await until(isThere, { describe: `${count} aborted bodies`, deadlineMs: 60_000 });
}

test("a client that writes slowly holds no place among the requests in flight", async () => {
  await using api = await startApi({ requestsInFlight: 1 });
  const slow = openLines(api);
  await slow.response;
  slow.write('{"id":"half');
  expect((await api.postJson("/v1/score", payment({ id: "other" }))).status).toBe(200);
  slow.write('"}\n');
  expect(await slow.next()).toMatchObject({ line: 1, status: 400 });
  slow.end();
});

test("while every place is taken lines are refused, to be sent again", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  await using inner = await startApi();
  await using api = await startApi({
    requestsInFlight: 1,
    scorer: async (requests, deadline) => {
      if (requests[0]?.transaction.id === "first") {
        enter();
        await released;
      }
      return inner.score(requests, deadline);
    },
  });
  const stream = openLines(api);
  await stream.response;
  const first = api.postJson("/v1/score", payment({ id: "first" }));
  await entered;
  stream.write(lines(1));
  expect(await stream.next()).toMatchObject({
    status: 503,
    problem: { code: "OVERLOADED", retryable: true },
  });
  release();
  expect((await first).status).toBe(200);
  stream.write(lines(1));
  expect(await stream.next()).toMatchObject({ line: 2, status: 200 });
  stream.end();
});

test("a client that leaves costs nothing further", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  let calls = 0;
  let gone: boolean | undefined;
  await using inner = await startApi();
  // Ten lines go together, so that forty more have arrived and wait.
  await using api = await startApi({
    burst: 10,
    scorer: async (requests, deadline) => {
      calls += 1;
      enter();
      await released;
      gone = requests[0]?.isGone?.();
      return inner.score(requests, deadline);
    },
  });
  using connection = await openRawConnection(api.port);
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/x-ndjson" };
  const declared = { ...headers, "content-length": "1000000" };
  connection.write(requestText("POST /v1/score/batch", declared, lines(50)));
  await entered;
  connection.kill();
  const isClosed = async (): Promise<boolean> => (await connectionsOf(api)) === 0;
  await until(isClosed, { describe: "the connection to be closed", deadlineMs: 60_000 });
  release();
  await abortedCount(api, 1);
  expect([calls, gone]).toEqual([1, true]);
  const metrics = await api.telemetry.render();
  expect(metrics).not.toContain('reason="INTERNAL"');
});

function connectionsOf(api: RunningApi): Promise<number> {
  return new Promise((resolve, reject) => {
    api.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

test("a key's rate holds for each line: a body waits for its turn", async () => {
  const clock = testClock();
  await using api = await startApi({ clock, ratePerSecond: 1, burst: 4 });
  const stream = openLines(api);
  stream.write(lines(6));
  for (const number of [1, 2, 3, 4]) expect(await stream.next()).toMatchObject({ line: number, status: 200 });
  expect(api.decisions.size).toBe(4);
  expect((await api.postJson("/v1/score", payment())).status).toBe(429);
  clock.advanceMs(2_000);
  for (const number of [5, 6]) expect(await stream.next()).toMatchObject({ line: number, status: 200 });
  stream.end();
});

test("only so many bodies are open at once, and one that leaves makes room", async () => {
  await using api = await startApi();
  const open: LinesRequest[] = [];
  for (let count = 0; count < apiLimits.streams; count += 1) {
    const stream = openLines(api);
    await stream.response;
    open.push(stream);
  }
  const type = { "content-type": "application/x-ndjson" };
  const refused = await api.post("/v1/score/batch", lines(1), type);
  expect(await problemIn(refused)).toMatchObject({ status: 503, code: "OVERLOADED" });
  open[0]?.request.destroy();
  await abortedCount(api, 1);
  expect((await api.post("/v1/score/batch", lines(1), type)).status).toBe(200);
  for (const { request } of open) request.destroy();
  await abortedCount(api, apiLimits.streams);
});

test("a body of lines may take longer than a request otherwise may", async () => {
  await using api = await startApi();
  api.server.headersTimeout = 100;
  api.server.requestTimeout = 200;
  const stream = openLines(api);
  await stream.response;
  stream.write(lines(1));
  expect(await stream.next()).toMatchObject({ line: 1 });
  // Another request of the same age or younger is cut off: the look at the times has passed by then.
  using other = await openRawConnection(api.port);
  const headers = { authorization: `Bearer ${api.key}`, "content-type": "application/json" };
  other.write(requestText("POST /v1/score", { ...headers, "content-length": "400" }, '{"id":'));
  expect(await other.untilClosed()).toMatch(/^HTTP\/1\.1 408 /);
  stream.write(lines(1, "later"));
  expect(await stream.next()).toMatchObject({ line: 2, status: 200 });
  stream.end();
  expect(await stream.next()).toBeUndefined();
});

test("a process that is being stopped says from which line on to send again", async () => {
  let draining = false;
  await using api = await startApi({ isDraining: () => draining });
  const stream = openLines(api);
  stream.write(lines(1));
  expect(await stream.next()).toMatchObject({ line: 1, status: 200 });
  draining = true;
  stream.write(lines(2, "later"));
  expect(await stream.next()).toMatchObject({ line: 2, problem: { code: "STREAM_ENDED", retryable: true } });
  expect(await stream.next()).toBeUndefined();
  expect([...api.decisions.keys()]).toEqual(["l-0"]);
  stream.request.destroy();
});

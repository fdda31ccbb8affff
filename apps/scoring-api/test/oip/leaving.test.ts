import type { RejectedCaller } from "@tollgate/inference";
import { expect, test } from "vitest";
import { heldSlot } from "../support/held-slot.ts";
import { valueOf } from "../support/metric-value.ts";
import { openRawConnection, requestText, type RawConnection } from "../support/raw-connection.ts";
import { startApi } from "../support/start-api.ts";
import { testClock } from "../support/test-clock.ts";

const path = "/v2/models/card-payments/infer";

function rowsOf(count: number): { inputs: readonly object[] } {
  const data = Array.from({ length: count * 3 }, () => 0.1);
  return { inputs: [{ name: "features", shape: [count, 3], datatype: "FP32", data }] };
}

test.each<[string, (connection: RawConnection) => void]>([
  ["is killed", (connection) => connection.kill()],
  ["closes its connection", (connection) => connection[Symbol.dispose]()],
])("a client that %s while its rows wait costs no run, and is counted as CANCELED", async (_how, leave) => {
  const clock = testClock();
  const rejected: RejectedCaller[] = [];
  const observer = { callerRejected: (caller: RejectedCaller) => void rejected.push(caller) };
  const { slot, running, release, runs } = heldSlot({ clock, observer });
  await using api = await startApi({ clock, model: slot });
  const first = api.postJson(path, rowsOf(1));
  await running;
  using connection = await openRawConnection(api.port);
  const body = JSON.stringify(rowsOf(2));
  const headers = { authorization: `Bearer ${api.key}`, "content-length": String(body.length) };
  connection.write(requestText(`POST ${path}`, headers, body));
  await expect.poll(() => slot.current.batcher.queuedRows).toBe(2);
  leave(connection);
  await expect.poll(() => slot.current.batcher.queuedRows).toBe(0);
  release();
  expect((await first).status).toBe(200);
  expect((await api.postJson(path, rowsOf(3))).status).toBe(200);
  expect(runs).toEqual([1, 3]);
  expect(rejected).toEqual([{ code: "CANCELED", reason: "CANCELED", rows: 2, priority: "champion" }]);
  const aborted = 'tollgate_http_requests_total{route="/v2/models/{model}/infer",status="aborted"}';
  expect(valueOf(await api.telemetry.render(), aborted)).toBe(1);
});

test("a client that leaves while its first batch runs has no further batch run", async () => {
  const clock = testClock();
  const { slot, running, release, runs } = heldSlot({ clock });
  await using api = await startApi({ clock, model: slot });
  using connection = await openRawConnection(api.port);
  const body = JSON.stringify(rowsOf(1_000));
  const headers = { authorization: `Bearer ${api.key}`, "content-length": String(body.length) };
  connection.write(requestText(`POST ${path}`, headers, body));
  await running;
  expect(slot.current.batcher.queuedRows).toBe(744);
  connection.kill();
  await expect.poll(() => slot.current.batcher.queuedRows).toBe(0);
  release();
  expect((await api.postJson(path, rowsOf(2))).status).toBe(200);
  expect(runs).toEqual([256, 2]);
});

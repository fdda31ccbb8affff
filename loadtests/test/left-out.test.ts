import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { LoadPhase } from "../k6/load-plan.ts";
import { leftOutInAll, parseLeftOut, watchLeftOut } from "../run/left-out.ts";

const nothing = { features: 0, "state-write": 0, model: 0, "event-log": 0 };

test("the API's own count is read by part", () => {
  const text = [
    'tollgate_degraded_total{part="features"} 12',
    'tollgate_degraded_total{part="event-log"} 3',
    "tollgate_outbox_pending_records 9",
  ].join("\n");
  expect(parseLeftOut(text)).toEqual({ ...nothing, features: 12, "event-log": 3 });
});

test("each phase has what was counted in it; where the API did not answer, the next one has it", async () => {
  const counts = [5, 8, null, 20];
  const server = createServer((_request, response) => {
    const count = counts.shift();
    response.statusCode = typeof count === "number" ? 200 : 500;
    response.end(`tollgate_degraded_total{part="model"} ${count}\n`);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const phase = (name: string): LoadPhase => ({
    name,
    kind: "measured",
    startSeconds: 0,
    seconds: 1,
    requestsPerSecond: 1,
    firstNumber: 0,
    users: 1,
    usersMax: 1,
  });
  try {
    const found = await watchLeftOut({
      phases: ["first", "second", "third"].map(phase),
      // Long ago: every phase is over.
      beganMs: 0,
      metricsUrl: `http://127.0.0.1:${port}/metrics`,
      ended: Promise.resolve(),
      stop: new AbortController().signal,
    });
    expect(found.map(({ parts }) => parts.model)).toEqual([3, 0, 12]);
    expect(leftOutInAll(found)).toBe(15);
  } finally {
    server.close();
  }
});

import http from "node:http";
import { systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { createHttpSender } from "../src/http-sender.ts";
import type { StreamEvent } from "../src/stream-event.ts";
import { createTally, nothingLost } from "../src/tally.ts";

const event: StreamEvent = {
  atMs: 0,
  transactionId: "a",
  key: "card",
  body: '{"id":"a"}',
  fraud: true,
  label: undefined,
};

test("what is refused for now is sent again under the same id, after the time asked for", async () => {
  const { tally, bodies, elapsedMs } = await sendTo([
    { status: 503, body: "{}" },
    { status: 429, body: "{}", retryAfter: "1" },
    { status: 200, body: '{"decision":"decline"}' },
  ]);
  expect(bodies).toEqual([event.body, event.body, event.body]);
  expect(tally).toMatchObject({ acceptedHttp: 1, failedHttp: 0, retriedHttp: 2 });
  expect(tally.fraudDecisions.decline).toBe(1);
  expect(nothingLost(tally)).toBe(true);
  expect(elapsedMs).toBeGreaterThan(1_000);
});

test("what is refused for good counts as failed, with the reason, and is not sent again", async () => {
  const { tally, bodies } = await sendTo([{ status: 400, body: '{"code":"INVALID_TRANSACTION"}' }]);
  expect(bodies.length).toBe(1);
  expect(tally).toMatchObject({ acceptedHttp: 0, failedHttp: 1, retriedHttp: 0 });
  expect(tally.lastFailure).toContain("INVALID_TRANSACTION");
  expect(nothingLost(tally)).toBe(false);
});

test("a connection that breaks is tried again", async () => {
  const { tally } = await sendTo(["break", { status: 200, body: '{"decision":"approve"}' }]);
  expect(tally).toMatchObject({ acceptedHttp: 1, retriedHttp: 1 });
});

type Scripted = "break" | { readonly status: number; readonly body: string; readonly retryAfter?: string };

interface Outcome {
  readonly tally: ReturnType<typeof createTally>;
  readonly bodies: readonly string[];
  readonly elapsedMs: number;
}

/** A real server that answers one request after the other as the script says. */
async function sendTo(script: readonly Scripted[]): Promise<Outcome> {
  const bodies: string[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const next = script[bodies.length];
      bodies.push(body);
      expect(request.headers.authorization).toBe("Bearer key");
      if (next === undefined || next === "break") return request.socket.destroy();
      const headers = next.retryAfter === undefined ? {} : { "retry-after": next.retryAfter };
      return response.writeHead(next.status, headers).end(next.body);
    });
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const tally = createTally();
  const apiUrl = `http://127.0.0.1:${port}`;
  const sender = createHttpSender({
    apiUrl,
    apiKey: "key",
    clock: systemClock(),
    tally,
    measureFromMicros: 0,
  });
  const startedMs = performance.now();
  sender.send([event]);
  await sender.idle();
  await sender.stop();
  return { tally, bodies, elapsedMs: performance.now() - startedMs };
}

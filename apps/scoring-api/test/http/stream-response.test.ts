import http from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { streamResponse } from "../../src/http/stream-response.ts";

const total = 200;
const part = `${"a".repeat(1_048_575)}\n`;

test("a reader that stops makes the answer stop: no more than one part waits in memory", async () => {
  let made = 0;
  let response: http.ServerResponse | undefined;
  let ended = false;
  const parts = async function* (): AsyncGenerator<string, void, undefined> {
    for (; made < total; made += 1) yield part;
  };
  const server = http.createServer((_request, serverResponse) => {
    response = serverResponse;
    const answer = { status: 200, contentType: "text/plain", parts: parts() };
    void streamResponse(serverResponse, { answer, requestId: "r", close: false }).then(() => (ended = true));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<http.IncomingMessage>((resolve) =>
    http.get({ port, host: "127.0.0.1" }, resolve),
  );
  // What the kernel's buffers take is not ours to hold back; after that the writing has to stop.
  await until(() => response?.writableNeedDrain === true && response.writableLength > part.length / 2, {
    describe: "the answer to wait for its reader",
    deadlineMs: 60_000,
  });
  expect(made).toBeLessThan(total / 2);
  expect(response?.writableLength).toBeLessThan(2 * part.length);
  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  expect(received).toBe(total * part.length);
  await until(() => ended, { describe: "the answer to end", deadlineMs: 60_000 });
});

test("a reader that leaves ends the answer, and nothing more is made", async () => {
  let made = 0;
  let closed = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const parts = async function* (): AsyncGenerator<string, void, undefined> {
    try {
      for (; made < total; made += 1) yield part;
    } finally {
      closed = true;
    }
  };
  const server = http.createServer((_request, response) => {
    const answer = { status: 200, contentType: "text/plain", parts: parts() };
    void streamResponse(response, { answer, requestId: "r", close: false }).then(end);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const request = http.get({ port, host: "127.0.0.1" }, () => request.destroy());
  request.on("error", () => {});
  await ended;
  expect(closed).toBe(true);
  expect(made).toBeLessThan(total / 2);
});

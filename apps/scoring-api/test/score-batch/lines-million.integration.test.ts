import { expect, test } from "vitest";
import { apiLimits } from "../../src/limits.ts";
import { openLines } from "../support/lines-request.ts";
import { payment, startApi } from "../support/start-api.ts";

test("a million lines pass through, a few hundred at a time", async () => {
  const total = 1_000_000;
  let scored = 0;
  let answered = 0;
  let mostUnread = 0;
  const text = JSON.stringify(payment({ id: "same" }));
  await using api = await startApi({
    scorer: async (requests) => {
      expect(requests.length).toBeLessThanOrEqual(apiLimits.streamLines);
      scored += requests.length;
      mostUnread = Math.max(mostUnread, scored - answered);
      const answer = {} as never;
      return requests.map(() => ({ answer, json: "{}", repeated: true }));
    },
    ratePerSecond: 1e9,
    burst: 1e9,
  });
  const stream = openLines(api);
  const thousand = `${text}\n`.repeat(1_000);
  const response = await stream.response;
  response.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) answered += 1;
  });
  for (let sent = 0; sent < total; sent += 1_000) await stream.writeAll(thousand);
  stream.end();
  await new Promise((resolve) => response.on("end", resolve));
  expect([scored, answered]).toEqual([total, total]);
  // What lies between is in the buffers of two sockets: far from a million lines of 50 bytes.
  expect(mostUnread).toBeLessThan(total / 2);
});

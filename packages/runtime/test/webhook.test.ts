import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { allowsWebhook, parseWebhookTargets, postWebhook } from "../src/index.ts";

test("targets are origins: https, or http to this machine; what is none is named", () => {
  const text = "https://shop.example, http://127.0.0.1:1 ,http://[::1]:2";
  expect(parseWebhookTargets(text)).toEqual({
    targets: new Set(["https://shop.example", "http://127.0.0.1:1", "http://[::1]:2"]),
    faults: [],
  });
  const wrong = "http://shop.example,https://shop.example/path,shop.example,https://a:b@shop.example";
  expect(parseWebhookTargets(wrong).faults).toHaveLength(4);
});

test("only what an origin of the list serves may be told", () => {
  const { targets } = parseWebhookTargets("https://shop.example");
  expect(allowsWebhook(targets, "https://shop.example/hooks?a=1")).toBe(true);
  for (const url of ["https://shop.example.evil.example/", "https://shop.example@evil.example/", "x"]) {
    expect([url, allowsWebhook(targets, url)]).toEqual([url, false]);
  }
});

/** Answers with the status that the path names, and says where it was asked. */
async function receiver(): Promise<{ readonly origin: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const status = Number(request.url?.slice(1));
    response.writeHead(status, status === 302 ? { location: "/200" } : {}).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("a receiver takes with any 2xx, is asked again after a 5xx, and is not followed elsewhere", async () => {
  const { origin, asked } = await receiver();
  const post = (url: string): ReturnType<typeof postWebhook> =>
    postWebhook(
      { url, body: "{}", deliveryId: "d", secret: "0123456789abcdef" },
      { nowMs: 0, timeoutMs: 60_000 },
    );
  expect(await post(`${origin}/204`)).toBeUndefined();
  for (const [status, final] of [
    [503, false],
    [429, false],
    [400, true],
    [302, true],
  ] as const) {
    expect(await post(`${origin}/${status}`)).toEqual({ message: `it answered ${status}`, final });
  }
  expect(asked).not.toContain("/200");
  expect(await post("http://127.0.0.1:1/")).toMatchObject({ final: false });
});

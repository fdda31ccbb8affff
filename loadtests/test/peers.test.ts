import { expect, test } from "vitest";
import { peerFigures, peerRows } from "../peers/peer-table.ts";
import { parseWrk, type WrkFigures } from "../peers/run-wrk.ts";

const output = `Running 8s test @ http://127.0.0.1:4302/score
  1 threads and 64 connections
  Latency Distribution
     50%    7.21ms
     75%    8.01ms
     90%    9.33ms
     99%    1.20s
  63892 requests in 8.01s, 15.72MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:   7976.53
Transfer/sec:      1.96MB
`;

function round(requestsPerSecond: number): WrkFigures {
  return { requestsPerSecond, p50Ms: 1, p99Ms: 2, failed: 0, serverMicros: 100, servicesMicros: 10 };
}

test("what wrk prints is read in milliseconds, and every failure counts", () => {
  expect(parseWrk(output)).toEqual({
    requests: 63_892,
    requestsPerSecond: 7_976.53,
    p50Ms: 7.21,
    p99Ms: 1_200,
    failed: 7,
  });
  expect(() => parseWrk("unable to connect to 127.0.0.1:1 Connection refused")).toThrow(/no figures/u);
});

test("figures are medians over the rounds; a server that could not run is named with its reason", () => {
  const results = [
    { name: "tollgate", description: "ours", rounds: [round(6_000), round(2_000), round(4_000)], remark: "" },
    { name: "fastapi", description: "theirs", rounds: [round(1_000)], remark: "" },
    { name: "rayserve", description: "theirs", rounds: [], remark: "not installed: no space" },
  ];
  expect(peerFigures(results)).toMatchObject({ ratioToFastApi: 4, ratioToEmptyServer: null });
  expect(peerRows(results)[2]).toEqual([
    "rayserve",
    "–",
    "–",
    "–",
    "–",
    "–",
    "0",
    "theirs; not installed: no space",
  ]);
});

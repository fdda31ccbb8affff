import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { loadFigures, type LoadFigures } from "../peers/load-figures.ts";
import { peerFigures, peerRows } from "../peers/peer-table.ts";
import { parseK6 } from "../peers/run-peer-k6.ts";
import { parseWrk } from "../peers/run-wrk.ts";
import { peerTransactions } from "../peers/write-peer-data.ts";

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

function round(requestsPerSecond: number, generatorMicros: number | null = 20): LoadFigures {
  const cpu = { serverMicros: 100, servicesMicros: 10, generatorMicros };
  return { requestsPerSecond, p50Ms: 1, p99Ms: 2, failed: 0, ...cpu };
}

test("what wrk prints is read in milliseconds, and every failure counts", () => {
  expect(parseWrk(output)).toEqual({ requestsPerSecond: 7_976.53, p50Ms: 7.21, p99Ms: 1_200, failed: 7 });
  expect(() => parseWrk("unable to connect to 127.0.0.1:1 Connection refused")).toThrow(/no figures/u);
});

test("of what k6 measured only the time after the warm-up counts, and every failure in it", () => {
  const metrics = {
    http_reqs: { values: { count: 50_000 } },
    "http_reqs{scenario:measured}": { values: { count: 24_000 } },
    "http_req_duration{scenario:measured}": { values: { med: 20.5, "p(99)": 41, max: 80 } },
    "http_req_failed{scenario:measured}": { values: { rate: 0.001, passes: 24, fails: 23_976 } },
  };
  expect(parseK6(metrics, 8)).toEqual({ requestsPerSecond: 3_000, p50Ms: 20.5, p99Ms: 41, failed: 24 });
  expect(() => parseK6({}, 8)).toThrow(/sent nothing/u);
});

test("cores at a rate are CPU a request, the generator's own among it", () => {
  const answers = { requestsPerSecond: 2_000, p50Ms: 1, p99Ms: 2, failed: 0 };
  const figures = loadFigures(answers, { server: 0.8, services: 0.1, generator: 0.6 });
  expect(figures).toMatchObject({ serverMicros: 400, servicesMicros: 50, generatorMicros: 300 });
});

const results = [
  {
    name: "tollgate",
    description: "ours",
    rounds: { wrk: [round(6_000), round(2_000), round(4_000)], k6: [round(2_000, 280)] },
    remark: "",
  },
  {
    name: "fastapi",
    description: "theirs",
    rounds: { wrk: [round(1_000)], k6: [round(800, null)] },
    remark: "",
  },
  { name: "rayserve", description: "theirs", rounds: { wrk: [], k6: [] }, remark: "not installed: no space" },
];

test("figures are medians over the rounds of one generator; wrk's go first, and each has its own", () => {
  const { by, ...first } = peerFigures(results);
  expect(first).toMatchObject({ ratioToFastApi: 4, ratioToEmptyServer: null });
  expect(by.wrk).toEqual(first);
  expect(by.k6).toMatchObject({
    ratioToFastApi: 2.5,
    requestsPerSecond: { tollgate: 2_000, rayserve: null },
  });
  const byK6Alone = results.map((result) => ({ ...result, rounds: { ...result.rounds, wrk: [] } }));
  expect(peerFigures(byK6Alone)).toMatchObject({ ratioToFastApi: 2.5, by: { k6: { ratioToFastApi: 2.5 } } });
});

test("each generator's table shows what the generator itself costs, where it can be seen", () => {
  const column = (generator: "wrk" | "k6") => peerRows(results, generator).map((row) => row[6]);
  expect(column("wrk")).toEqual(["20", "20", "–"]);
  expect(column("k6")).toEqual(["280", "–", "–"]);
});

test("a server that could not run is named with its reason", () => {
  const none = ["–", "–", "–", "–", "–", "–"];
  expect(peerRows(results, "wrk")[2]).toEqual(["rayserve", ...none, "0", "theirs; not installed: no space"]);
});

test.each(["2026-11-22T09:00:00Z", "2026-11-23T21:00:00Z", "2026-11-28T12:00:00Z"])(
  "no server is sent a transaction of the future, whatever the weekday (%s)",
  (now) => {
    const nowMs = Date.parse(now);
    const { lines, keys, example } = peerTransactions(engagement, { count: 20_000, idPrefix: "p-", nowMs });
    expect(lines).toHaveLength(20_000);
    expect(keys.length).toBeGreaterThan(10_000);
    const times = lines.map((line) => {
      const parsed = engagement.transaction.parse(JSON.parse(line.replace("\t", "id-of-a-test")), nowMs);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      return parsed.value.occurredAtMs;
    });
    expect(Math.max(...times)).toBe(nowMs - 60_000);
    expect(JSON.parse(example)).toMatchObject({ id: expect.stringContaining("p-") as string });
  },
);

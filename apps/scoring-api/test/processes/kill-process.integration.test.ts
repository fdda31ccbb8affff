import { readFile } from "node:fs/promises";
import type { DecisionAnswer } from "@tollgate/contracts";
import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { valueOf } from "../support/metric-value.ts";
import { paymentStream, spawnApi } from "../support/spawned-api.ts";

const waiting = { deadlineMs: 120_000, intervalMs: 200 };

serviceTest(
  "of two processes one is killed: the other goes on, the dead one comes back, the metrics add up",
  async ({ kafkaBrokers, redisUrl, redis, prefix }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    const api = await spawnApi({ kafkaBrokers, redisUrl, prefix }, { TOLLGATE_PROCESSES: "2" });
    const next = paymentStream(prefix, 8);
    const score = async (): Promise<DecisionAnswer> => {
      const response = await api.score(next());
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text}`);
      return JSON.parse(text) as DecisionAnswer;
    };
    const become = (series: (text: string) => number | undefined, value: number): Promise<unknown> =>
      until(async () => series(await api.metrics()) === value, {
        describe: `${value} in the metrics of all processes`,
        ...waiting,
      });
    await become(serving, 2);
    await Promise.all(Array.from({ length: 200 }, score));
    await become(decided, 200);
    await become(
      (text) => valueOf(text, 'tollgate_http_requests_total{route="/v1/score",status="200"}'),
      200,
    );

    const [victim] = await servingPids(api.app.pid);
    if (victim === undefined) throw new Error("no serving process was found");
    process.kill(victim, "SIGKILL");
    // A connection to the dead process is gone; on a new one the other process answers, at once or soon.
    for (let count = 0; count < 50; count += 1) {
      await until(score, { describe: "an answer while one process is dead", ...waiting });
    }
    await become((text) => valueOf(text, "tollgate_process_restarts_total"), 1);
    await become(serving, 2);
    await become(decided, 250);
    await Promise.all(Array.from({ length: 100 }, score));
    await become(decided, 350);
    expect(await servingPids(api.app.pid)).toHaveLength(2);
    expect(await api.app.stop()).toBe(0);
  },
);

function serving(metrics: string): number | undefined {
  return valueOf(metrics, "tollgate_processes");
}

/** Decisions of all outcomes and rungs. */
function decided(metrics: string): number {
  const lines = metrics.split("\n").filter((line) => line.startsWith("tollgate_decisions_total{"));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** The processes that the supervising one has started. */
async function servingPids(supervisor: number): Promise<readonly number[]> {
  const folder = `/proc/${supervisor}/task/${supervisor}/children`;
  const text = await readFile(folder, "utf8");
  return text
    .trim()
    .split(/\s+/u)
    .filter((pid) => pid !== "")
    .map(Number);
}

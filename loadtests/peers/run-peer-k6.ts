import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "@tollgate/runtime";
import { measuredScenario, type PeerPlan } from "../k6/peer-plan.ts";
import { LoadError } from "../run/load-error.ts";
import type { K6 } from "../run/obtain-k6.ts";
import { runK6, type K6Metrics } from "../run/run-k6.ts";
import { peerLimits } from "./limits.ts";
import { coresUsed, loadFigures, type AnswerFigures, type LoadFigures } from "./load-figures.ts";
import type { LoadTarget } from "./load-generator.ts";

export interface PeerK6Run extends LoadTarget {
  readonly k6: K6;
  readonly bodiesPath: string;
  readonly seconds: number;
  readonly environment: Environment;
  readonly folder: string;
}

/** Warm-up and measured time in one run of k6, each with 64 virtual users. */
export async function runPeerK6(run: PeerK6Run): Promise<LoadFigures> {
  const { k6, url, bodiesPath, idPrefix, apiKey, seconds, environment, folder, server, services } = run;
  const { warmUpSeconds } = peerLimits;
  const plan: PeerPlan = {
    url,
    bodiesPath,
    summaryPath: join(folder, "k6-summary.json"),
    idPrefix,
    users: peerLimits.connections,
    warmUpSeconds,
    seconds,
    requestTimeoutMs: peerLimits.answerMs,
  };
  const scriptPath = fileURLToPath(new URL("../k6/load-peer.ts", import.meta.url));
  const k6Run = runK6({ k6, scriptPath, plan, folder, apiKey, environment });
  try {
    const fromMs = (await k6Run.began) + warmUpSeconds * 1000;
    // A container's processes are not this machine's to see.
    const generator = k6.from === "docker" ? undefined : k6Run.pid;
    const cores = await coresUsed({ server, services, generator }, { fromMs, seconds });
    await k6Run.ended;
    return loadFigures(parseK6(k6Run.result().metrics, seconds), cores);
  } finally {
    k6Run.stop();
  }
}

/** k6's summary, as numbers. @throws LoadError when nothing was sent. */
export function parseK6(metrics: K6Metrics, seconds: number): AnswerFigures {
  const value = (metric: string, statistic: string): number =>
    metrics[`${metric}{scenario:${measuredScenario}}`]?.values[statistic] ?? 0;
  const requests = value("http_reqs", "count");
  if (requests === 0) throw new LoadError("k6 sent nothing");
  return {
    requestsPerSecond: requests / seconds,
    p50Ms: value("http_req_duration", "med"),
    p99Ms: value("http_req_duration", "p(99)"),
    // Of a rate k6 calls the samples that are true its passes: here those that failed.
    failed: value("http_req_failed", "passes"),
  };
}

import { join } from "node:path";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { readAppMetrics, startSimulator, type Platform, type SimulatorProcess } from "@tollgate/demo";
import { checkDecisions, type DecisionCheck } from "./check-decisions.ts";
import { cpuShares, factsOf, memoryMax, processesOf, reportOf, takenShares } from "./describe-run.ts";
import type { LoadResult, Verdict } from "./load-result.ts";
import { loadLimits } from "./limits.ts";
import { watchUsage, type UsageSample } from "./process-usage.ts";
import type { RunContext } from "./run-context.ts";
import { decisionVerdicts } from "./verdicts.ts";

/** The simulator through Kafka alone, with the consumer's backlog read each second. */
export async function runStreamProfile(run: RunContext, platform: Platform): Promise<LoadResult> {
  const { profile, options, engagement, say } = run;
  const rate = options.ratePerSecond ?? Math.round(profile.rate(engagement.service, cpus().length));
  const seconds = options.forSeconds ?? profile.seconds;
  const warmUpSeconds = loadLimits.warmUpHalfSeconds + loadLimits.warmUpFullSeconds;
  say(`the simulator sends ${rate} transactions/s through Kafka for ${warmUpSeconds + seconds} s …`);
  const simulator = startSimulator({
    arguments: simulatorArguments({ rate, seconds: warmUpSeconds + seconds, run, platform }),
    environment: platform.environment,
    logPath: join(platform.logFolder, "simulator.log"),
  });
  run.stop.addEventListener("abort", () => simulator.finish());
  const usage = watchUsage(() => processesOf(platform, { simulator: simulator.pid }));
  const startMs = Date.now();
  const lags = await watchBacklog(simulator, platform, startMs + warmUpSeconds * 1000);
  usage.stop();
  const progress = simulator.progress();
  const sent = progress?.sentKafka ?? 0;
  const failed = (progress?.failedKafka ?? 0) + (progress?.droppedKafka ?? 0);
  const decidedAfterMs = await untilDecided(platform);
  const check = await checkDecisions({
    brokers: platform.stack.service("kafka").url,
    decisionsTopic: platform.topics.decisions,
    postgresUrl: platform.postgresUrl,
    idPrefix: platform.idPrefix,
    transactions: sent + failed + 1,
    accepted: (number) => failed === 0 && number >= 1 && number <= sent,
    answers: new Map(),
    say,
  });
  const measuredMs = startMs + warmUpSeconds * 1000;
  const window = { fromMs: measuredMs, toMs: measuredMs + seconds * 1000 };
  const perSecond = sent / (warmUpSeconds + seconds);
  const seen = { rate, sent, failed, perSecond, lags, decidedAfterMs, check, window, usage: usage.samples };
  return streamResult(run, platform, seen);
}

interface SeenStream {
  readonly rate: number;
  readonly sent: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly lags: readonly number[];
  readonly decidedAfterMs: number;
  readonly check: DecisionCheck;
  readonly window: { readonly fromMs: number; readonly toMs: number };
  readonly usage: readonly UsageSample[];
}

function streamResult(run: RunContext, platform: Platform, seen: SeenStream): LoadResult {
  const { profile, engagement, options } = run;
  const { rate, sent, failed, perSecond, lags, check } = seen;
  const levels = engagement.service;
  const verdicts = [
    backlogVerdict(lags, { rate, freshnessMs: levels.freshnessP99Ms }),
    drainVerdict(seen.decidedAfterMs),
    rateVerdict(perSecond, rate),
    ...decisionVerdicts(check),
  ];
  const figures = {
    transactionsPerSecond: perSecond,
    failedRate: failed / Math.max(1, sent + failed),
    backlogP99Records: percentile99(lags),
    backlogGoneAfterMs: seen.decidedAfterMs,
    lost: check.lost,
    wrong: check.wrong,
    unarchived: check.unarchived,
    archivedAfterMs: check.archivedAfterMs,
    consumerMemoryMiB: memoryMax(seen.usage, "transaction-consumer"),
  };
  const sentBy = {
    generator: "the simulator",
    payload: "one transaction a record",
    arrivals: "steady",
    model: options.model,
  };
  const passed = verdicts.every((verdict) => verdict.passed);
  return {
    profile: profile.name,
    description: profile.description,
    facts: factsOf({ platform, ...sentBy }),
    parts: [],
    reasons: {},
    leftOut: [],
    cpu: cpuShares(seen.usage, seen.window, perSecond),
    usage: seen.usage,
    taken: takenShares(seen.usage, seen.window),
    check,
    verdicts,
    curve: [],
    marks: [],
    promisedMs: levels.scoringLatencyP99Ms,
    notes: [
      `${sent} transactions sent, ${failed} not taken by Kafka.`,
      ...(seen.decidedAfterMs < loadLimits.archiveMs
        ? []
        : ["The backlog had not gone: what is not recorded may be waiting there, and is not lost."]),
    ],
    report: reportOf(profile.name, figures, passed),
  };
}

/** As many cardholders as make the run's payments in about a day of event time. */
function simulatorArguments(stream: {
  readonly rate: number;
  readonly seconds: number;
  readonly run: RunContext;
  readonly platform: Platform;
}): readonly string[] {
  const { rate, seconds, run, platform } = stream;
  const { min, max } = loadLimits.cardholders;
  const wanted = Math.ceil((rate * seconds) / loadLimits.paymentsPerCardholderDay);
  const customers = String(Math.min(max, Math.max(min, wanted)));
  const sending = ["--kafka", "--labels", "none", "--rate", String(rate), "--for", `${seconds}s`];
  const stated = ["--customers", customers, "--seed", String(run.options.seed), "--progress", "json"];
  return [...sending, ...stated, "--id-prefix", platform.idPrefix];
}

/** Records of the transactions' topic that are not scored yet, once a second, while the simulator sends. */
async function watchBacklog(
  simulator: SimulatorProcess,
  platform: Platform,
  fromMs: number,
): Promise<readonly number[]> {
  const lags: number[] = [];
  while (simulator.running()) {
    await delay(1_000);
    const { lag } = await readAppMetrics(platform.metricsUrls);
    const records = lag.get(platform.topics.transactions);
    if (Date.now() >= fromMs && records !== undefined) lags.push(records);
  }
  await simulator.ended;
  return lags;
}

/** Until the consumer has no transaction before it; it goes on as long as the backlog becomes smaller. */
async function untilDecided(platform: Platform): Promise<number> {
  const startMs = performance.now();
  let before = Number.POSITIVE_INFINITY;
  for (let quietMs = startMs; performance.now() - quietMs < loadLimits.archiveMs;) {
    const { lag } = await readAppMetrics(platform.metricsUrls);
    const waiting = lag.get(platform.topics.transactions) ?? before;
    if (waiting === 0) break;
    if (waiting < before) quietMs = performance.now();
    before = waiting;
    await delay(loadLimits.archivePollMs);
  }
  return performance.now() - startMs;
}

function drainVerdict(afterMs: number): Verdict {
  return {
    what: "backlog gone after the last record",
    promised: "within a minute",
    reached: `${(afterMs / 1000).toFixed(1)} s`,
    passed: afterMs < loadLimits.archiveMs,
  };
}

/** The promised freshness, counted in records at the rate. */
function backlogVerdict(
  lags: readonly number[],
  levels: { readonly rate: number; readonly freshnessMs: number },
): Verdict {
  const most = (levels.rate * levels.freshnessMs) / 1000;
  const reached = percentile99(lags);
  return {
    what: "backlog, 99th percentile",
    promised: `at most ${most} records (${levels.freshnessMs} ms)`,
    reached: String(reached),
    passed: lags.length > 0 && reached <= most,
  };
}

/** A source that cannot send at the rate tests nothing. */
function rateVerdict(perSecond: number, rate: number): Verdict {
  return {
    what: "sent a second",
    promised: `${rate}`,
    reached: perSecond.toFixed(0),
    passed: perSecond >= rate * 0.98,
  };
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

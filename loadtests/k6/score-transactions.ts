/** The k6 script: sends the plan's transactions at their times. Run by `npm run load`, or in Kubernetes. */
// @boundaries-ignore k6 itself provides it
import exec from "k6/execution";
// @boundaries-ignore k6 itself provides it
import http, { type RefinedResponse, type ResponseType } from "k6/http";
// @boundaries-ignore k6 itself provides it
import { sleep } from "k6";
// @boundaries-ignore k6 itself provides it
import { SharedArray } from "k6/data";
// @boundaries-ignore k6 itself provides it
import { Counter, Trend } from "k6/metrics";
// @boundaries-ignore k6 itself provides it
import type { Options, Scenario } from "k6/options";
import {
  answerMetric,
  failedMetric,
  failureReasons,
  notes,
  templateSeparator,
  trendStatistics,
  type LoadPhase,
  type LoadPlan,
  type TransactionTemplate,
} from "./load-plan.ts";

const plan = JSON.parse(open(`${__ENV["LOAD_PLAN"]}`)) as LoadPlan;
const apiKey = `${__ENV["LOAD_API_KEY"]}`;
const templates = new SharedArray(
  "transactions",
  () => JSON.parse(open(plan.transactionsPath)) as TransactionTemplate[],
);
const templateCount = templates.length;

const answerMs = new Trend(answerMetric, true);
const failed = new Counter(failedMetric);

const headers = { "Content-Type": "application/json", Authorization: `Bearer ${apiKey}` };
const asked = { headers, timeout: plan.requestTimeoutMs };
/** Made once: k6 converts what it is given, and keeps a body only where it is told to. */
const reading = { ...asked, responseType: "text" as const };
const discarding = { ...asked, responseType: "none" as const };

/**
 * The phase that this virtual user serves, and k6's record of it: live, but made anew each time that k6 is
 * asked for it, for 45 µs.
 */
let current:
  | { readonly phase: LoadPhase; readonly scenario: typeof exec.scenario; readonly startMs: number }
  | undefined;

export const options: Options = {
  scenarios: Object.fromEntries(plan.phases.map((phase) => [phase.name, scenarioOf(phase)])),
  thresholds: Object.fromEntries(Object.entries(plan.thresholds).map(([name, list]) => [name, [...list]])),
  summaryTrendStats: [...trendStatistics],
  // A tag costs CPU at every request, and nothing reads the others.
  systemTags: ["scenario"],
  discardResponseBodies: true,
  insecureSkipTLSVerify: false,
  noConnectionReuse: false,
  userAgent: "tollgate-loadtests",
};

export function setup(): void {
  console.info(`${notes.began} ${Date.now()}`);
}

/** One request of a phase. */
export function score(): void {
  const { phase, scenario, startMs } = currentPhase();
  if (plan.spreadMs > 0) sleep((Math.random() * plan.spreadMs) / 1000);
  const request = scenario.iterationInTest;
  const firstNumber = phase.firstNumber + request * plan.transactionsPerRequest;
  const bucket = String(Math.floor((Date.now() - startMs) / 1000 / plan.bucketSeconds));
  const noted = plan.transactionsPerRequest > 1 || request % plan.noteEvery === 0;
  const response = http.post(plan.url, bodyFrom(firstNumber), noted ? reading : discarding);
  const { blocked, connecting, duration } = response.timings;
  answerMs.add(blocked + connecting + duration, { bucket });
  const refused = refusedOf(response, firstNumber);
  for (const [number, reason] of refused) {
    failed.add(1, { bucket, reason: failureReasons.includes(reason) ? reason : "other" });
    console.info(`${notes.refused} ${number} ${reason}`);
  }
  if (response.status === 200 && request % plan.noteEvery === 0) note(response);
}

/** A virtual user may serve one phase after another. */
function currentPhase(): NonNullable<typeof current> {
  const phase = plan.phases[Number(__ENV["PHASE"])];
  if (phase === undefined) throw new Error("the plan has no such phase");
  if (current?.phase === phase) return current;
  const { scenario } = exec;
  current = { phase, scenario, startMs: scenario.startTime };
  return current;
}

/** The whole result: read by the runner, which judges it. */
export function handleSummary(data: { metrics: unknown }): Record<string, string> {
  return { [plan.summaryPath]: JSON.stringify(data.metrics) };
}

function scenarioOf(phase: LoadPhase): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec: "score",
    startTime: `${phase.startSeconds}s`,
    duration: `${phase.seconds}s`,
    rate: phase.requestsPerSecond,
    timeUnit: "1s",
    preAllocatedVUs: phase.users,
    maxVUs: phase.usersMax,
    // Nothing is cut off: what becomes of every request is known.
    gracefulStop: `${Math.ceil(plan.requestTimeoutMs / 1000) + 5}s`,
    env: { PHASE: String(plan.phases.indexOf(phase)) },
    tags: { phase: phase.name, kind: phase.kind },
  };
}

function bodyFrom(firstNumber: number): string {
  if (plan.transactionsPerRequest === 1) return transactionText(firstNumber);
  const texts: string[] = [];
  for (let item = 0; item < plan.transactionsPerRequest; item += 1) {
    texts.push(transactionText(firstNumber + item));
  }
  return `[${texts.join(",")}]`;
}

/** The file's transactions in turn, under ids and at event times that no other has. */
function transactionText(number: number): string {
  const [template] = templates[number % templateCount] ?? [""];
  const [offsetMs, beforeId, beforeTime, afterTime] = template.split(templateSeparator);
  const turn = Math.floor(number / templateCount);
  const time = new Date(plan.firstOccurredAtMs + turn * plan.spanMs + Number(offsetMs)).toISOString();
  return `${beforeId}${plan.idPrefix}${number}${beforeTime}${time}${afterTime}`;
}

/** Number and reason of each transaction of the request that was not accepted. */
function refusedOf(response: RefinedResponse<ResponseType>, firstNumber: number): [number, string][] {
  const count = plan.transactionsPerRequest;
  if (response.status !== 200) {
    const reason = response.status === 0 ? "timeout" : String(response.status);
    return Array.from({ length: count }, (_, item) => [firstNumber + item, reason]);
  }
  const body = response.body;
  // A batch is answered with 200 even when items of it were not accepted: those carry a problem.
  if (count === 1 || typeof body !== "string" || !body.includes('"problem":')) return [];
  const { results } = JSON.parse(body) as { results: { status: number }[] };
  return results.flatMap(({ status }, item): [number, string][] =>
    status === 200 ? [] : [[firstNumber + item, String(status)]],
  );
}

/** What the caller was told, for the comparison with what was recorded. */
function note(response: RefinedResponse<ResponseType>): void {
  if (typeof response.body !== "string") return;
  const answer = JSON.parse(response.body) as Answer & { results?: { answer?: Answer }[] };
  const one = answer.results === undefined ? answer : answer.results[0]?.answer;
  if (one !== undefined) console.info(`${notes.answered} ${one.transactionId} ${one.decision} ${one.score}`);
}

interface Answer {
  transactionId: string;
  decision: string;
  score: number | null;
}

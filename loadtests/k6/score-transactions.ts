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
import { offsetsInSlot, requestsBeforeSlots } from "./poisson-arrivals.ts";

const plan = JSON.parse(open(`${__ENV["LOAD_PLAN"]}`)) as LoadPlan;
const apiKey = `${__ENV["LOAD_API_KEY"]}`;
const templates = new SharedArray(
  "transactions",
  () => JSON.parse(open(plan.transactionsPath)) as TransactionTemplate[],
);
const templateCount = templates.length;
/** Of each phase with Poisson arrivals. */
const slotTables = plan.phases.map(({ name, poisson }) =>
  poisson === undefined
    ? undefined
    : new SharedArray(`slots of ${name}`, () => [...requestsBeforeSlots(poisson)]),
);

const connectionsPerUser = 64;

const answerMs = new Trend(answerMetric, true);
const failed = new Counter(failedMetric);

const headers = { "Content-Type": "application/json", Authorization: `Bearer ${apiKey}` };
const asked = { headers, timeout: plan.requestTimeoutMs };
/** Made once: k6 converts what it is given, and keeps a body only where it is told to. */
const reading = { ...asked, responseType: "text" as const };
const discarding = { ...asked, responseType: "none" as const };

/** The phase that a virtual user serves. */
interface Serving {
  readonly phase: LoadPhase;
  readonly requestsBefore: readonly number[] | undefined;
  /** k6's record of it: live, but made anew each time that k6 is asked for it, for 45 µs. */
  readonly scenario: typeof exec.scenario;
  readonly startMs: number;
}

let current: Serving | undefined;

export const options: Options = {
  scenarios: Object.fromEntries(plan.phases.map((phase) => [phase.name, scenarioOf(phase)])),
  thresholds: Object.fromEntries(Object.entries(plan.thresholds).map(([name, list]) => [name, [...list]])),
  summaryTrendStats: [...trendStatistics],
  // A tag costs CPU at every request, and nothing reads the others.
  systemTags: ["scenario"],
  discardResponseBodies: true,
  // Also the connections that a virtual user keeps: with fewer, a slot's requests would open new ones.
  batch: connectionsPerUser,
  batchPerHost: connectionsPerUser,
  insecureSkipTLSVerify: false,
  noConnectionReuse: false,
  userAgent: "tollgate-loadtests",
};

export function setup(): void {
  console.info(`${notes.began} ${Date.now()}`);
}

/** One request of a phase. */
export function score(): void {
  const serving = currentPhase();
  const request = requestOf(serving, serving.scenario.iterationInTest);
  settle(request, http.post(plan.url, request.body, request.parameters));
}

/** A slot of Poisson arrivals: each request is sent when it is due, whatever became of those before. */
export async function scoreSlot(): Promise<void> {
  const serving = currentPhase();
  const { phase, requestsBefore, scenario } = serving;
  if (phase.poisson === undefined || requestsBefore === undefined) throw new Error("the phase has no slots");
  const slot = scenario.iterationInTest;
  const first = requestsBefore[slot] ?? 0;
  const count = (requestsBefore[slot + 1] ?? first) - first;
  const settled: Promise<void>[] = [];
  let atMs = 0;
  for (const [index, offsetMs] of offsetsInSlot(phase.poisson, slot, count).entries()) {
    sleep((offsetMs - atMs) / 1000);
    atMs = offsetMs;
    const request = requestOf(serving, first + index);
    const answer = http.asyncRequest("POST", plan.url, request.body, request.parameters);
    settled.push(answer.then((response) => settle(request, response)));
  }
  await Promise.all(settled);
}

/** A virtual user may serve one phase after another. */
function currentPhase(): Serving {
  const index = Number(__ENV["PHASE"]);
  const phase = plan.phases[index];
  if (phase === undefined) throw new Error("the plan has no such phase");
  if (current?.phase === phase) return current;
  const { scenario } = exec;
  current = { phase, requestsBefore: slotTables[index], scenario, startMs: scenario.startTime };
  return current;
}

interface ScoreRequest {
  readonly firstNumber: number;
  readonly bucket: string;
  readonly isNoted: boolean;
  readonly body: string;
  readonly parameters: typeof reading | typeof discarding;
}

/** @param index of the request in its phase. */
function requestOf({ phase, startMs }: Serving, index: number): ScoreRequest {
  const firstNumber = phase.firstNumber + index * plan.transactionsPerRequest;
  const isNoted = index % plan.noteEvery === 0;
  return {
    firstNumber,
    bucket: String(Math.floor((Date.now() - startMs) / 1000 / plan.bucketSeconds)),
    isNoted,
    body: bodyFrom(firstNumber),
    parameters: isNoted || plan.transactionsPerRequest > 1 ? reading : discarding,
  };
}

function settle(request: ScoreRequest, response: RefinedResponse<ResponseType>): void {
  const { firstNumber, bucket, isNoted } = request;
  const { blocked, connecting, duration } = response.timings;
  answerMs.add(blocked + connecting + duration, { bucket });
  for (const [number, reason] of refusedOf(response, firstNumber)) {
    failed.add(1, { bucket, reason: failureReasons.includes(reason) ? reason : "other" });
    console.info(`${notes.refused} ${number} ${reason}`);
  }
  if (response.status === 200 && isNoted) note(response);
}

/** The whole result: read by the runner, which judges it. */
export function handleSummary(data: { metrics: unknown }): Record<string, string> {
  return { [plan.summaryPath]: JSON.stringify(data.metrics) };
}

function scenarioOf(phase: LoadPhase): Scenario {
  return {
    executor: "constant-arrival-rate",
    exec: phase.poisson === undefined ? "score" : "scoreSlot",
    startTime: `${phase.startSeconds}s`,
    duration: `${phase.seconds}s`,
    rate: phase.poisson?.slotsPerSecond ?? phase.requestsPerSecond,
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

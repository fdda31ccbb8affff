/** The k6 script of `npm run load:peers`: the file's transactions in turn, each under an id of its own. */
// @boundaries-ignore k6 itself provides it
import http from "k6/http";
// @boundaries-ignore k6 itself provides it
import { SharedArray } from "k6/data";
// @boundaries-ignore k6 itself provides it
import type { Options, Scenario } from "k6/options";
import { notes } from "./load-plan.ts";
import { measuredScenario, type PeerPlan } from "./peer-plan.ts";

const plan = JSON.parse(open(`${__ENV["LOAD_PLAN"]}`)) as PeerPlan;
/** Each in a list: of a bare text k6 makes a copy character by character at every use. */
const bodies = new SharedArray("bodies", () =>
  open(plan.bodiesPath)
    .trimEnd()
    .split("\n")
    .map((line): [string] => [line]),
);
const bodyCount = bodies.length;
const parameters = {
  headers: { "Content-Type": "application/json", Authorization: `Bearer ${__ENV["LOAD_API_KEY"]}` },
  timeout: plan.requestTimeoutMs,
};
/** k6 may keep the warm-up's virtual users beside those that are measured. */
const users = 2 * plan.users;

/** Of this virtual user. */
let sent = 0;

export const options: Options = {
  scenarios: {
    "warm-up": closedLoop({ startSeconds: 0, seconds: plan.warmUpSeconds }),
    [measuredScenario]: closedLoop({ startSeconds: plan.warmUpSeconds, seconds: plan.seconds }),
  },
  // They always hold: the only way to have k6 keep the figures of one scenario by themselves.
  thresholds: {
    [`http_req_duration{scenario:${measuredScenario}}`]: ["max>=0"],
    [`http_reqs{scenario:${measuredScenario}}`]: ["count>=0"],
    [`http_req_failed{scenario:${measuredScenario}}`]: ["rate>=0"],
  },
  summaryTrendStats: ["med", "p(99)", "max"],
  systemTags: ["scenario"],
  discardResponseBodies: true,
};

export function setup(): void {
  console.info(`${notes.began} ${Date.now()}`);
}

/** One request of one caller. */
export function send(): void {
  const number = sent * users + __VU;
  sent += 1;
  const [line] = bodies[number % bodyCount] ?? [""];
  const tab = line.indexOf("\t");
  http.post(plan.url, `${line.slice(0, tab)}${plan.idPrefix}-${number}${line.slice(tab + 1)}`, parameters);
}

export function handleSummary(data: { metrics: unknown }): Record<string, string> {
  return { [plan.summaryPath]: JSON.stringify(data.metrics) };
}

function closedLoop(time: { readonly startSeconds: number; readonly seconds: number }): Scenario {
  return {
    executor: "constant-vus",
    exec: "send",
    vus: plan.users,
    startTime: `${time.startSeconds}s`,
    duration: `${time.seconds}s`,
    gracefulStop: `${plan.requestTimeoutMs}ms`,
  };
}

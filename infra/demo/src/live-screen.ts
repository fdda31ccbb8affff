import type { DecisionTally, TalliedDecision } from "./decision-tally.ts";

/** All that the screen shows at one moment. */
export interface ScreenState {
  readonly elapsedSeconds: number;
  readonly apiUrl: string;
  readonly sentByKafka: number;
  readonly sentByHttp: number;
  readonly ratePerSecond: number;
  readonly httpP50Ms: number | undefined;
  readonly httpP99Ms: number | undefined;
  readonly eventTime: string;
  readonly labels: number;
  readonly tally: DecisionTally;
  readonly archived: number;
  readonly lag: ReadonlyMap<string, number>;
  readonly outboxPending: number;
  readonly degraded: number;
  readonly services: readonly { readonly name: string; readonly alive: boolean; readonly note: string }[];
}

/** The whole screen, one string for each line. */
export function screenLines(state: ScreenState): readonly string[] {
  const { tally } = state;
  const lag = [...state.lag]
    .map(([topic, records]) => `${topic.replace("fraud.", "")} ${records}`)
    .join("  ");
  const caughtShare = share(tally.fraudCaught, tally.fraudCaught + tally.fraudMissed);
  return [
    `Tollgate demo   ${clock(state.elapsedSeconds)}   event time ${state.eventTime}   ${state.apiUrl}`,
    "",
    `rate        ${Math.round(state.ratePerSecond)} transactions/s   ` +
      `sent ${state.sentByKafka} by Kafka, ${state.sentByHttp} by HTTP`,
    `latency     HTTP p50 ${milliseconds(state.httpP50Ms)}  p99 ${milliseconds(state.httpP99Ms)}`,
    `decisions   ${tally.decided} decided   approve ${tally.approved}   review ${tally.reviewed}   ` +
      `decline ${tally.declined}   degraded ${state.degraded}`,
    `archive     ${state.archived} rows in PostgreSQL`,
    `labels      ${state.labels} sent   fraud caught ${tally.fraudCaught}, missed ${tally.fraudMissed} ` +
      `(${caughtShare} of labelled fraud)   honest declined ${tally.honestDeclined}`,
    `lag         ${lag === "" ? "–" : lag}   outbox ${state.outboxPending}`,
    `services    ${state.services.map(serviceText).join("  ")}`,
    "",
    "latest alerts, and what you sent yourself",
    ...tally.alerts.map(alertLine),
  ];
}

/** The same in one line, for a log instead of a terminal. */
export function progressLineOf(state: ScreenState): string {
  const { tally } = state;
  return (
    `${clock(state.elapsedSeconds)}  ${Math.round(state.ratePerSecond)}/s  decided ${tally.decided}  ` +
    `archived ${state.archived}  review ${tally.reviewed}  decline ${tally.declined}  ` +
    `fraud caught ${tally.fraudCaught} missed ${tally.fraudMissed}  ` +
    `HTTP p99 ${milliseconds(state.httpP99Ms)}  lag ${totalLag(state)}`
  );
}

function totalLag(state: ScreenState): number {
  return [...state.lag.values()].reduce((sum, records) => sum + records, 0);
}

function alertLine(alert: TalliedDecision): string {
  const score = alert.score === null ? "–" : alert.score.toFixed(3);
  const reasons = alert.reasons.slice(0, 3).join(", ");
  return `  ${alert.outcome.padEnd(7)}  ${alert.amountText.padStart(16)}  score ${score}  ${reasons}`;
}

function serviceText(service: ScreenState["services"][number]): string {
  return `${service.alive ? "●" : "○"} ${service.name}${service.note === "" ? "" : ` (${service.note})`}`;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} ms`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(0)} %`;
}

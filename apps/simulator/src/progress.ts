import type { Tally } from "./tally.ts";

/** What a run says of itself, once a second and at its end; as JSON it is one line. */
export interface Progress {
  readonly type: "progress" | "summary";
  readonly elapsedSeconds: number;
  readonly eventTime: string | null;
  readonly generated: number;
  readonly perSecond: number;
  readonly sentKafka: number;
  readonly failedKafka: number;
  readonly droppedKafka: number;
  readonly acceptedHttp: number;
  readonly failedHttp: number;
  readonly droppedHttp: number;
  readonly retriedHttp: number;
  readonly labelsSent: number;
  readonly labelsFailed: number;
  readonly labelsDropped: number;
  readonly invalidRows: number;
  readonly fraudSent: number;
  readonly decisions: Tally["decisions"];
  readonly fraudDecisions: Tally["fraudDecisions"];
  /** Milliseconds from sending to the answer, of the last second; in the summary of all after the warm-up. */
  readonly httpMs: { readonly p50: number; readonly p99: number };
  /** Milliseconds that sends were later than they were due. */
  readonly lateMs: { readonly p50: number; readonly p99: number };
  readonly lastFailure: string | null;
}

export function createProgressReader(
  tally: Tally,
  elapsedMs: () => number,
): (type: Progress["type"]) => Progress {
  let generatedBefore = 0;
  let secondsBefore = 0;
  return (type) => {
    const seconds = elapsedMs() / 1000;
    const whole = type === "summary";
    const made = whole ? tally.generated : tally.generated - generatedBefore;
    const perSecond = made / Math.max(whole ? seconds : seconds - secondsBefore, 0.001);
    generatedBefore = tally.generated;
    secondsBefore = seconds;
    const { httpMs, recentHttpMs, lateMs, clockMs, lastFailure, generated, fraudGenerated } = tally;
    const latency = whole ? httpMs : recentHttpMs;
    const answered = { p50: rounded(latency.quantile(0.5)), p99: rounded(latency.quantile(0.99)) };
    recentHttpMs.clear();
    return {
      type,
      elapsedSeconds: rounded(seconds),
      eventTime: clockMs === 0 ? null : new Date(clockMs).toISOString(),
      generated,
      perSecond: Math.round(perSecond),
      sentKafka: tally.sentKafka,
      failedKafka: tally.failedKafka,
      droppedKafka: tally.droppedKafka,
      acceptedHttp: tally.acceptedHttp,
      failedHttp: tally.failedHttp,
      droppedHttp: tally.droppedHttp,
      retriedHttp: tally.retriedHttp,
      labelsSent: tally.labelsSent,
      labelsFailed: tally.labelsFailed,
      labelsDropped: tally.labelsDropped,
      invalidRows: tally.invalidRows,
      fraudSent: fraudGenerated,
      decisions: { ...tally.decisions },
      fraudDecisions: { ...tally.fraudDecisions },
      httpMs: answered,
      lateMs: { p50: rounded(lateMs.quantile(0.5)), p99: rounded(lateMs.quantile(0.99)) },
      lastFailure: lastFailure ?? null,
    };
  };
}

/** The same for a person: one line. */
export function progressLine(progress: Progress): string {
  const { eventTime, perSecond, sentKafka, acceptedHttp, labelsSent, httpMs, elapsedSeconds } = progress;
  const { failedKafka, droppedKafka, failedHttp, droppedHttp, labelsFailed, labelsDropped, lastFailure } =
    progress;
  const lost = failedKafka + droppedKafka + failedHttp + droppedHttp + labelsFailed + labelsDropped;
  const parts = [
    `${elapsedSeconds.toFixed(0)} s`,
    `${perSecond}/s`,
    `generated ${progress.generated} (fraud ${progress.fraudSent})`,
    `Kafka ${sentKafka}`,
    `HTTP ${acceptedHttp} (p50 ${httpMs.p50} ms, p99 ${httpMs.p99} ms)`,
    `labels ${labelsSent}`,
    `event time ${eventTime ?? "–"}`,
  ];
  if (progress.invalidRows > 0) parts.push(`invalid rows ${progress.invalidRows}`);
  if (lost > 0) parts.push(`LOST ${lost}: ${lastFailure ?? "no reason known"}`);
  return parts.join(" · ");
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

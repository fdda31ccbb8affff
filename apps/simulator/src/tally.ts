import { outcomes, type Outcome } from "@tollgate/contracts";
import { createHistogram, type Histogram } from "./histogram.ts";

/** Everything that is counted; nothing is lost without a number here. */
export interface Tally {
  generated: number;
  fraudGenerated: number;
  invalidRows: number;
  /** Acknowledged by Kafka. */
  sentKafka: number;
  failedKafka: number;
  droppedKafka: number;
  /** Answered with a decision. */
  acceptedHttp: number;
  failedHttp: number;
  droppedHttp: number;
  retriedHttp: number;
  labelsSent: number;
  labelsFailed: number;
  labelsDropped: number;
  readonly decisions: Record<Outcome, number>;
  readonly fraudDecisions: Record<Outcome, number>;
  /** From sending to the answer, of the first attempt that was answered. */
  readonly httpMs: Histogram;
  /** The same of the last second only. */
  readonly recentHttpMs: Histogram;
  /** How long after its due time an event was sent. */
  readonly lateMs: Histogram;
  /** The stream's clock: time of the latest event sent. */
  clockMs: number;
  /** The last failures in words, for a person. */
  lastFailure: string | undefined;
}

export function createTally(): Tally {
  return {
    generated: 0,
    fraudGenerated: 0,
    invalidRows: 0,
    sentKafka: 0,
    failedKafka: 0,
    droppedKafka: 0,
    acceptedHttp: 0,
    failedHttp: 0,
    droppedHttp: 0,
    retriedHttp: 0,
    labelsSent: 0,
    labelsFailed: 0,
    labelsDropped: 0,
    decisions: noOutcomes(),
    fraudDecisions: noOutcomes(),
    httpMs: createHistogram(),
    recentHttpMs: createHistogram(),
    lateMs: createHistogram(),
    clockMs: 0,
    lastFailure: undefined,
  };
}

/** Whether everything that was due has arrived. */
export function nothingLost(tally: Tally): boolean {
  const { failedKafka, droppedKafka, failedHttp, droppedHttp, labelsFailed, labelsDropped } = tally;
  return failedKafka + droppedKafka + failedHttp + droppedHttp + labelsFailed + labelsDropped === 0;
}

function noOutcomes(): Record<Outcome, number> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}

import type { DriftVerdict } from "@tollgate/contracts";
import { dayMs, type LiveStream } from "./base-stream.ts";
import type { KindOfChange } from "./kind-of-change.ts";
import { scorePayments } from "./score-payments.ts";
import type { SimulatedPayment, SimulatedRow } from "./simulated-row.ts";
import type { Watch } from "./watch.ts";

/** What the monitor said of a planted change. */
export interface WatchedChange {
  readonly change: KindOfChange;
  /**
   * Hours from the change until the end of the first window that is judged drifted and names what was planted
   * among its first three findings; undefined: never.
   */
  readonly hours: number | undefined;
  /** The first three findings of that verdict. */
  readonly found: readonly string[];
  /** No earlier alarm named something else. */
  readonly isFirst: boolean;
  readonly verdict: DriftVerdict | undefined;
  /** Windows that were judged drifted. */
  readonly alarms: readonly DriftVerdict[];
}

const hourMs = 3_600_000;

/** Plants a change into the days to come and lets a copy of the monitor watch them. */
export async function watchChange(
  change: KindOfChange,
  from: {
    readonly live: LiveStream;
    readonly watch: Watch;
    readonly payments: readonly SimulatedPayment[];
    readonly changeMs: number;
    readonly eachRow?: (row: SimulatedRow) => void;
  },
): Promise<WatchedChange> {
  const { live, watch, changeMs } = from;
  const { featureSet } = live.compiled;
  const untilMs = changeMs + change.days * dayMs;
  const days = from.payments.filter(({ transaction }) => transaction.occurredAtMs < untilMs);
  const payments = change.change(days, changeMs);
  const own = watch.branch(change.settings?.(changeMs) ?? {});
  const columns = new Map(featureSet.names.map((name, column) => [name, column]));
  const parts = { ...live, memory: live.memory.branch(), damage: change.damage?.(columns) };
  for await (const rows of scorePayments(payments, parts)) {
    for (const row of rows) {
      own.see(row);
      from.eachRow?.(row);
    }
  }
  own.end(untilMs);
  return resultOf(change, own.verdicts.filter(isAlarm), changeMs);
}

/**
 * What is left of a change that should not alarm when the stream without it is known: an alarm that the same
 * window raises there too is a false alarm of that stream, and is counted there.
 */
export function withoutCommonAlarms(
  watched: WatchedChange,
  of: { readonly healthy: readonly DriftVerdict[]; readonly changeMs: number },
): WatchedChange {
  if (watched.change.shouldAlarm) return watched;
  const common = new Set(of.healthy.filter(isAlarm).map(({ verdictId }) => verdictId));
  const own = watched.alarms.filter(({ verdictId }) => !common.has(verdictId));
  return resultOf(watched.change, own, of.changeMs);
}

function isAlarm({ status }: DriftVerdict): boolean {
  return status === "drifted";
}

function resultOf(change: KindOfChange, alarms: readonly DriftVerdict[], changeMs: number): WatchedChange {
  const names = (verdict: DriftVerdict): boolean =>
    firstThree(verdict).some((feature) => change.named.includes(feature));
  // An alarm that names something else may be chance: what counts is one that names what was planted.
  const verdict = alarms.find(names) ?? (change.shouldAlarm ? undefined : alarms[0]);
  return {
    change,
    hours: verdict === undefined ? undefined : (Date.parse(verdict.window.until) - changeMs) / hourMs,
    found: verdict === undefined ? [] : firstThree(verdict),
    isFirst: verdict !== undefined && verdict === alarms[0],
    verdict,
    alarms,
  };
}

function firstThree({ findings }: DriftVerdict): readonly string[] {
  return findings.slice(0, 3).map(({ feature }) => feature);
}

import type { DriftVerdict } from "@tollgate/contracts";
import { dayMs, goLive, type LiveStream } from "./base-stream.ts";
import { loadChampion } from "./champion.ts";
import { kindsOfChange } from "./kinds-of-change.ts";
import type { PeerWindows } from "./peer-windows.ts";
import { scorePayments } from "./score-payments.ts";
import type { SimulatedPayment } from "./simulated-row.ts";
import { watchChange, withoutCommonAlarms, type WatchedChange } from "./watch-change.ts";
import { createWatch, type Watch } from "./watch.ts";

export interface TableOptions {
  readonly seed: number;
  /** Each pays about once a day. */
  readonly customers: number;
  readonly healthyDays: number;
  /** The days after which changes are planted, each into a copy of the stream. */
  readonly changeAfterDays: number;
  /** Writes what other tools are shown; undefined for none. */
  readonly peers: ((live: LiveStream) => Promise<PeerWindows>) | undefined;
  readonly tell: (line: string) => void;
}

export interface DetectionTable {
  readonly changes: readonly WatchedChange[];
  /** Verdicts of the healthy days. */
  readonly healthy: readonly DriftVerdict[];
  readonly paymentsPerDay: number;
  readonly profileRows: number;
  readonly peers: PeerWindows | undefined;
}

/** Simulates, plants each change, and watches as many healthy days. */
export async function runTable(options: TableOptions): Promise<DetectionTable> {
  const { changeAfterDays, healthyDays, tell } = options;
  const live = await goLive({ ...options, model: await loadChampion() });
  tell(`reference made of ${live.profile.rows} payments`);
  const peers = await options.peers?.(live);
  await peers?.writeReference(live.referenceRows);
  const watch = createWatch(live.profile, live.liveMs, {});
  const changeMs = live.liveMs + changeAfterDays * dayMs;
  const endMs = live.liveMs + healthyDays * dayMs;
  const shownDays = Math.min(healthyDays, peerHealthyDays);
  const healthyStream = await peers?.stream("healthy", { fromMs: live.liveMs, days: shownDays });
  const watchHealthy = async (payments: readonly SimulatedPayment[]): Promise<void> => {
    for await (const rows of scorePayments(payments, live)) {
      for (const row of rows) {
        watch.see(row);
        healthyStream?.add(row);
      }
    }
  };
  for (let untilMs = live.liveMs + dayMs; untilMs <= changeMs; untilMs += dayMs) {
    await watchHealthy(live.takeUntil(untilMs));
  }
  const longestMs = Math.max(...kindsOfChange.map(({ days }) => days)) * dayMs;
  const ahead = live.takeUntil(Math.max(endMs, changeMs + longestMs));
  const planted = await plantAll({ live, watch, payments: ahead, changeMs, peers, tell });
  await watchHealthy(ahead.filter(({ transaction }) => transaction.occurredAtMs < endMs));
  watch.end(endMs);
  await healthyStream?.close();
  await peers?.finish();
  const paymentsPerDay = (live.profile.rows / (live.liveMs - Date.parse(live.profile.from))) * dayMs;
  const healthy = watch.verdicts;
  const changes = planted.map((one) => withoutCommonAlarms(one, { healthy, changeMs }));
  return { changes, healthy, paymentsPerDay, profileRows: live.profile.rows, peers };
}

async function plantAll(of: {
  readonly live: LiveStream;
  readonly watch: Watch;
  readonly payments: readonly SimulatedPayment[];
  readonly changeMs: number;
  readonly peers: PeerWindows | undefined;
  readonly tell: (line: string) => void;
}): Promise<readonly WatchedChange[]> {
  const watched: WatchedChange[] = [];
  for (const [place, change] of kindsOfChange.entries()) {
    const stream = await of.peers?.stream(`change-${place}`, {
      fromMs: of.changeMs,
      days: peerDays(change.days),
    });
    const result = await watchChange(change, { ...of, eachRow: (row) => stream?.add(row) });
    await stream?.close();
    watched.push(result);
    of.tell(
      `${change.name}: ${result.hours === undefined ? "no alarm" : `alarm after ${result.hours} hours`}`,
    );
  }
  return watched;
}

/** Enough to see how often other tools alarm without a cause. */
const peerHealthyDays = 30;

/** Other tools judge day by day and take a second for each. */
function peerDays(days: number): number {
  return Math.min(days, 14);
}

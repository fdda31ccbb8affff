import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "@tollgate/runtime";
import { createLabelTimeline } from "./label-timeline.ts";
import { simulatorLimits } from "./limits.ts";
import type { Pacing } from "./pacing.ts";
import type { Sender } from "./sender.ts";
import type { EventSource, StreamEvent } from "./stream-event.ts";
import type { Tally } from "./tally.ts";

export interface StreamOptions {
  readonly source: EventSource;
  readonly pacing: Pacing;
  /** Waits for the receivers instead of dropping: for a run without a clock. */
  readonly waitsForRoom: boolean;
  readonly durationMs: number | undefined;
  readonly count: number | undefined;
  /** Each event goes to exactly one of them. */
  readonly senders: readonly Sender[];
  readonly chooseSender: (event: StreamEvent) => Sender;
  /** Undefined when labels are not wanted. */
  readonly labelSender: Sender | undefined;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Ends the stream; what is in flight still finishes. */
  readonly stop: AbortSignal;
}

/**
 * Sends every event at its due time whether or not the ones before were answered (an open loop: a slow
 * receiver is measured, not waited for), labels when the stream's clock reaches them, then lets all finish.
 */
export async function runStream(options: StreamOptions): Promise<void> {
  const { source, senders, stop } = options;
  const run = startRun(options);
  for await (const chunk of source) {
    await sendChunk(run, options, chunk);
    if (run.ended() || stop.aborted) break;
  }
  const everything = Promise.all(senders.map((sender) => sender.idle()));
  await Promise.race([everything, sleep(simulatorLimits.finishMs, undefined, { ref: false })]);
  await Promise.all(senders.map((sender) => sender.stop()));
}

interface Run {
  readonly labels: ReturnType<typeof createLabelTimeline>;
  elapsedMs(): number;
  /** Wall-clock time of the start: event times must not lie in its future. */
  readonly startedMs: number;
  sent: number;
  ended(): boolean;
}

function startRun({ clock, durationMs, count }: StreamOptions): Run {
  const startMicros = clock.monotonicMicros();
  const elapsedMs = (): number => (clock.monotonicMicros() - startMicros) / 1000;
  return {
    labels: createLabelTimeline(simulatorLimits.labelsWaiting),
    elapsedMs,
    startedMs: clock.nowMs(),
    sent: 0,
    ended() {
      return (
        (durationMs !== undefined && elapsedMs() >= durationMs) || (count !== undefined && this.sent >= count)
      );
    },
  };
}

async function sendChunk(run: Run, options: StreamOptions, chunk: readonly StreamEvent[]): Promise<void> {
  const { senders, stop, waitsForRoom, count = Number.POSITIVE_INFINITY } = options;
  const end = Math.min(chunk.length, count - run.sent);
  let next = 0;
  while (next < end && !run.ended() && !stop.aborted) {
    const first = next;
    const elapsedMs = run.elapsedMs();
    let waitMs = 0;
    for (; next < end; next += 1) {
      waitMs = dueMs(run, options, chunk[next], next - first) - elapsedMs;
      if (waitMs > 0) break;
      if (!waitsForRoom) options.tally.lateMs.add(-waitMs);
    }
    send(run, options, chunk.slice(first, next));
    if (waitMs > 0) await pause(run, options, waitMs);
    else if (waitsForRoom) await Promise.all(senders.map((sender) => sender.room()));
  }
}

/** The pacing's time, but never before the event's own time on the clock of the wall. */
function dueMs(run: Run, { pacing }: StreamOptions, event: StreamEvent | undefined, ahead: number): number {
  if (event === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(pacing(event, run.sent + ahead), event.atMs - run.startedMs);
}

/** Until the next event is due, in small steps: a stop or the end of the run is not slept through. */
async function pause(run: Run, { durationMs, stop }: StreamOptions, waitMs: number): Promise<void> {
  const leftMs = durationMs === undefined ? waitMs : Math.min(waitMs, durationMs - run.elapsedMs());
  const stepMs = Math.min(Math.max(leftMs, simulatorLimits.tickMs), simulatorLimits.progressMs);
  if (!stop.aborted) await sleep(stepMs);
}

function send(run: Run, options: StreamOptions, due: readonly StreamEvent[]): void {
  const last = due.at(-1);
  if (last === undefined) return;
  const { tally, senders, chooseSender, labelSender } = options;
  const bySender = new Map(senders.map((sender): [Sender, StreamEvent[]] => [sender, []]));
  for (const event of due) {
    bySender.get(chooseSender(event))?.push(event);
    tally.generated += 1;
    if (event.fraud === true) tally.fraudGenerated += 1;
    if (labelSender === undefined || event.label === undefined) continue;
    if (!run.labels.add(event.label)) tally.labelsDropped += 1;
  }
  run.sent += due.length;
  tally.clockMs = last.atMs;
  for (const [sender, events] of bySender) sender.send(events);
  labelSender?.sendLabels(run.labels.dueAt(last.atMs));
}

import type { Clock, Logger } from "@tollgate/runtime";
import { openLogReader, type ConsumedBatch, type LogReader } from "@tollgate/event-log";
import { labelledProgressSlot } from "@tollgate/scoring";

/** A record of the log as bytes. */
export interface LogRecord {
  readonly offset: number;
  readonly value: Buffer | null;
}

/** Takes what a source reads, each partition in order; decisions and labels may come at the same time. */
export interface LogSink {
  readonly decisions: (partition: number, records: readonly LogRecord[]) => Promise<void>;
  readonly labels: (records: readonly LogRecord[]) => Promise<void>;
}

/** Where the log is read from, from its beginning on. */
export interface LogSource {
  /** Records that are there now and were not read yet. */
  remaining(): Promise<number>;
  /** Reads everything that is there as of the call. */
  readToEnd(): Promise<void>;
  /** Next offset that was not read, by partition; the labelled transactions are one more slot. */
  positions(): ReadonlyMap<number, number>;
  /** Finishes what is in hand; nothing is read after. May be called twice. */
  close(): Promise<void>;
}

export type OpenLogSource = (sink: LogSink) => Promise<LogSource>;

/** The log itself. */
export function kafkaSource(options: {
  readonly kafka: Parameters<typeof openLogReader>[0]["kafka"];
  readonly topics: { readonly decisions: string; readonly labelledTransactions: string };
  readonly logger: Logger;
  readonly clock: Clock;
}): OpenLogSource {
  return async (sink) => {
    const { topics, ...link } = options;
    const decisions = await openLogReader({
      ...link,
      topic: topics.decisions,
      handle: (batch) => sink.decisions(batch.partition, recordsOf(batch)),
    });
    const labels = await openLogReader({
      ...link,
      topic: topics.labelledTransactions,
      handle: (batch) => sink.labels(recordsOf(batch)),
    });
    let closed = false;
    return {
      remaining: async () => (await behind(decisions)) + (await behind(labels)),
      async readToEnd() {
        await decisions.reach(await decisions.ends());
        await labels.reach(await labels.ends());
      },
      positions() {
        const slots = new Map([...decisions.positions()].map(([slot, next]) => [slot, Number(next)]));
        return slots.set(labelledProgressSlot, Number(labels.positions().get(0) ?? 0n));
      },
      async close() {
        if (closed) return;
        closed = true;
        await decisions.stop();
        await labels.stop();
      },
    };
  };
}

async function behind(reader: LogReader): Promise<number> {
  const positions = reader.positions();
  const ends = await reader.ends();
  return [...ends].reduce((sum, [partition, end]) => sum + Number(end - (positions.get(partition) ?? 0n)), 0);
}

function recordsOf(batch: ConsumedBatch): readonly LogRecord[] {
  return batch.messages.map(({ offset, value }) => ({ offset: Number(offset), value }));
}

import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement, DatasetDefinition } from "@tollgate/engagement";
import type { Clock } from "@tollgate/runtime";
import { csvRows } from "./csv-rows.ts";
import { parquetRows } from "./parquet-rows.ts";
import { labelIdOf } from "./simulated-events.ts";
import type { EventSource, StreamEvent, StreamLabel } from "./stream-event.ts";

/** Rows of a file, some at once, each by the names of its columns. */
export type FileRows = AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;

export interface FileEventsOptions<T extends BaseTransaction> {
  readonly compiled: CompiledEngagement<T>;
  readonly dataset: DatasetDefinition;
  readonly path: string;
  readonly clock: Clock;
  /** Called for every row that is no valid transaction; such a row is not sent. Row numbers begin at 1. */
  readonly onFault: (fault: {
    readonly row: number;
    readonly path: string;
    readonly message: string;
  }) => void;
}

/**
 * A file's rows as transactions, in the order of the file, a part of the file in memory at a time.
 * @throws SimulatorError when the file is missing, unreadable or lacks a column.
 */
export async function* fileEvents<T extends BaseTransaction>(options: FileEventsOptions<T>): EventSource {
  const { dataset, path } = options;
  const rows = dataset.format === "parquet" ? parquetRows(path, dataset) : csvRows(path, dataset);
  let row = 0;
  for await (const chunk of rows) {
    const events: StreamEvent[] = [];
    for (const columns of chunk) {
      row += 1;
      const event = toEvent(options, columns, row);
      if (event !== undefined) events.push(event);
    }
    yield events;
  }
}

function toEvent<T extends BaseTransaction>(
  { compiled, dataset, clock, onFault }: FileEventsOptions<T>,
  columns: Readonly<Record<string, unknown>>,
  row: number,
): StreamEvent | undefined {
  const { transaction, fraud } = dataset.toTransaction(columns, row);
  const parsed = compiled.engagement.transaction.parse(transaction, clock.nowMs());
  if (!parsed.ok) {
    for (const fault of parsed.faults) onFault({ row, ...fault });
    return undefined;
  }
  const { id, occurredAtMs } = parsed.value;
  return {
    atMs: occurredAtMs,
    transactionId: id,
    key: compiled.partitionEntity.key(parsed.value),
    body: JSON.stringify(transaction),
    fraud,
    label: fraud === true ? labelAfter(id, occurredAtMs + dataset.labelDelayDays * dayMs) : undefined,
  };
}

const dayMs = 86_400_000;

/** A file tells the truth but not who found out: a chargeback, as most that reach a file. */
function labelAfter(transactionId: string, atMs: number): StreamLabel {
  const labelledAt = new Date(atMs).toISOString();
  const label = { labelId: labelIdOf(transactionId), transactionId, fraud: true, labelledAt };
  return { atMs, label: { ...label, source: "chargeback" } };
}

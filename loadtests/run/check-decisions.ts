import { brokerList, connectKafka, readLog } from "@tollgate/event-log";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { createDecisionBook, type DecisionBook, type DecisionFaults } from "./decision-book.ts";
import { loadLimits } from "./limits.ts";

export interface CheckOptions {
  readonly brokers: string;
  readonly decisionsTopic: string;
  readonly postgresUrl: string;
  readonly idPrefix: string;
  /** Numbers are below this. */
  readonly transactions: number;
  /** Whether the sender was told that this transaction is decided. */
  readonly accepted: (number: number) => boolean;
  /** What the sender was told, by id. */
  readonly answers: ReadonlyMap<string, string>;
  readonly say: (line: string) => void;
}

export interface DecisionCheck extends DecisionFaults {
  /** From the last request until everything on the log was in PostgreSQL; null when a minute did not do. */
  readonly archivedAfterMs: number | null;
  readonly passed: boolean;
}

/** Compares what the callers were told with the log and with PostgreSQL, transaction by transaction. */
export async function checkDecisions(options: CheckOptions): Promise<DecisionCheck> {
  const { brokers, decisionsTopic, postgresUrl, say } = options;
  const startMs = performance.now();
  const postgres = new Client({ connectionString: postgresUrl });
  await postgres.connect();
  try {
    say("… waiting for the ledger");
    const archivedAfterMs = await untilArchived(postgres, options, startMs);
    say("… comparing answers, log and archive");
    const book = createDecisionBook(options);
    await readDecisions(book, { brokers, decisionsTopic });
    await readArchive(book, postgres, options.idPrefix);
    const faults = book.faults();
    const passed =
      archivedAfterMs !== null && faults.lost + faults.wrong + faults.unarchived === 0 && faults.accepted > 0;
    return { ...faults, archivedAfterMs, passed };
  } finally {
    await postgres.end();
  }
}

/** Until the ledger has committed all that is on the log now. */
async function untilArchived(
  postgres: Client,
  { brokers, decisionsTopic }: CheckOptions,
  startMs: number,
): Promise<number | null> {
  const kafka = connectKafka({
    brokers: brokerList(brokers),
    clientId: "loadtests",
    logger: silentLogger(),
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (;;) {
      const ends = await admin.fetchTopicOffsets(decisionsTopic);
      const onLog = ends.reduce((sum, { high }) => sum + Number(high), 0);
      const { rows } = await postgres.query<{ count: string }>(
        "select coalesce(sum(next_offset), 0) as count from consumer_offsets where topic = $1",
        [decisionsTopic],
      );
      if (Number(rows[0]?.count ?? 0) >= onLog) return performance.now() - startMs;
      if (performance.now() - startMs > loadLimits.archiveMs) return null;
      await delay(loadLimits.archivePollMs);
    }
  } finally {
    await admin.disconnect();
  }
}

async function readDecisions(
  book: DecisionBook,
  log: { readonly brokers: string; readonly decisionsTopic: string },
): Promise<void> {
  const logger = silentLogger();
  await readLog({
    kafka: connectKafka({ brokers: brokerList(log.brokers), clientId: "loadtests-check", logger }),
    topic: log.decisionsTopic,
    logger,
    clock: systemClock(),
    handle: async ({ messages }) => {
      for (const { value } of messages) if (value !== null) book.addRecorded(recordOf(value));
    },
  });
}

/** The first fields of a record, without parsing its kilobytes. */
function recordOf(value: Buffer): { readonly transactionId: string; readonly decision: string } {
  const text = value.toString("utf8", 0, 640);
  const transactionId = /"transactionId":"([^"]*)"/u.exec(text)?.[1] ?? "";
  const outcome = /"outcome":"([a-z]*)"/u.exec(text)?.[1] ?? "";
  const score = /"score":([^,}]*)/u.exec(text)?.[1] ?? "";
  return { transactionId, decision: `${outcome} ${score}` };
}

interface ArchivedRow {
  readonly transaction_id: string;
  readonly outcome: string;
  readonly score: number | null;
}

async function readArchive(book: DecisionBook, postgres: Client, idPrefix: string): Promise<void> {
  for (let last = ""; ;) {
    const { rows } = await postgres.query<ArchivedRow>(
      "select transaction_id, outcome, score from decisions " +
        "where transaction_id > $1 and starts_with(transaction_id, $2) order by transaction_id limit $3",
      [last, idPrefix, loadLimits.archivePage],
    );
    for (const { transaction_id: transactionId, outcome, score } of rows) {
      book.addArchived({ transactionId, decision: `${outcome} ${score}` });
    }
    const end = rows.at(-1)?.transaction_id;
    if (end === undefined || rows.length < loadLimits.archivePage) return;
    last = end;
  }
}

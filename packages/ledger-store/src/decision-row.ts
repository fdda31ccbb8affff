import { outcomes, transactionIdPattern, type DecisionRecord } from "@tollgate/contracts";
import type { PoolClient } from "pg";
import { joinTexts, type LedgerTable, type LogPosition } from "./ledger-table.ts";
import { matchDecided } from "./match-labels.ts";

/** A decision as read from the log, with the text to keep. */
interface DecisionRow {
  readonly record: DecisionRecord;
  readonly text: string;
  readonly position: LogPosition;
}

export const decisionTable: LedgerTable<DecisionRow> = {
  readRow(value, text, position) {
    const fault = faultOf(value);
    return fault === null ? { record: value as DecisionRecord, text, position } : fault;
  },
  insert: insertDecisions,
  match: (client, rows) =>
    matchDecided(
      client,
      rows.map(({ record }) => record.transactionId),
    ),
};

const sources = new Set<unknown>(["http", "kafka"]);
const rungs = new Set<unknown>(["model", "rules"]);
const degradedPart = /^[a-z-]+$/u;

/** What makes the record impossible to file, or null. Only what the columns need is looked at. */
function faultOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "is not an object";
  const record = value as Partial<Record<keyof DecisionRecord, unknown>>;
  const { transactionId, model, degraded } = record;
  if (typeof transactionId !== "string" || !transactionIdPattern.test(transactionId))
    return "has no transactionId";
  if (!isTime(record.occurredAt) || !isTime(record.decidedAt)) return "has no times";
  if (!outcomes.some((outcome) => outcome === record.outcome)) return "has no outcome";
  if (record.score !== null && typeof record.score !== "number") return "has no score";
  if (!rungs.has(record.rung) || !sources.has(record.source)) return "has no rung or source";
  if (model !== null && !isModel(model)) return "has no model reference";
  if (typeof record.featureSet !== "string" || typeof record.rulesVersion !== "string")
    return "has no versions";
  if (!Array.isArray(degraded) || !degraded.every(isDegradedPart)) return "has no degraded list";
  return Array.isArray(record.reasons) ? null : "has no reasons";
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isModel(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, digest } = value as { name?: unknown; version?: unknown; digest?: unknown };
  return typeof name === "string" && Number.isInteger(version) && typeof digest === "string";
}

function isDegradedPart(value: unknown): boolean {
  return typeof value === "string" && degradedPart.test(value);
}

const insertSql = `
  insert into decisions (
    transaction_id, occurred_at, decided_at, outcome, score, rung, model_name, model_version, model_digest,
    feature_set, rules_version, degraded, source, partition, log_offset, reasons, record
  )
  select
    transaction_id, occurred_at, decided_at, outcome, score, rung, model_name, model_version, model_digest,
    feature_set, rules_version, degraded::text[], source, $14, log_offset, reasons::jsonb, record::json
  from rows from (
    unnest($1::text[]), unnest($2::timestamptz[]), unnest($3::timestamptz[]), unnest($4::text[]),
    unnest($5::float8[]), unnest($6::text[]), unnest($7::text[]), unnest($8::integer[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::text[]), unnest($13::text[]), unnest($15::bigint[]),
    string_to_table($16, E'\\x1e'), string_to_table($17, E'\\x1e')
  ) as batch (
    transaction_id, occurred_at, decided_at, outcome, score, rung, model_name, model_version, model_digest,
    feature_set, rules_version, degraded, source, log_offset, reasons, record
  )
  on conflict (transaction_id) do nothing`;

/** The first decision on a transaction stays. Returns how many were new. */
async function insertDecisions(client: PoolClient, rows: readonly DecisionRow[]): Promise<number> {
  const column = <T>(pick: (record: DecisionRecord) => T): T[] => rows.map(({ record }) => pick(record));
  const values = [
    column((record) => record.transactionId),
    column((record) => record.occurredAt),
    column((record) => record.decidedAt),
    column((record) => record.outcome),
    column((record) => record.score),
    column((record) => record.rung),
    column((record) => record.model?.name ?? null),
    column((record) => record.model?.version ?? null),
    column((record) => record.model?.digest ?? null),
    column((record) => record.featureSet),
    column((record) => record.rulesVersion),
    column((record) => `{${record.degraded.join(",")}}`),
    column((record) => record.source),
    rows[0]?.position.partition,
    rows.map(({ position }) => position.offset.toString()),
    joinTexts(column((record) => JSON.stringify(record.reasons))),
    joinTexts(rows.map(({ text }) => text)),
  ];
  const result = await client.query({ name: "insert-decisions", text: insertSql, values });
  return result.rowCount ?? 0;
}

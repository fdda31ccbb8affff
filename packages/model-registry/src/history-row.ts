import type { HistoryKind, HistoryLink } from "./history-link.ts";

/** The table's columns, in the order in which they are inserted. */
export const linkColumns: readonly (keyof LinkRow)[] = [
  "sequence",
  "kind",
  "model",
  "version",
  "digest",
  "subject",
  "value",
  "who",
  "login",
  "why",
  "at",
  "previous_hash",
  "hash",
];

/** A row of `model_registry.history` as the client reads it. */
export interface LinkRow {
  /** A bigint comes as text. */
  readonly sequence: string;
  readonly kind: HistoryKind;
  readonly model: string;
  readonly version: number | null;
  readonly digest: string | null;
  readonly subject: string | null;
  readonly value: string | null;
  readonly who: string;
  readonly login: string;
  readonly why: string;
  readonly at: Date;
  readonly previous_hash: string;
  readonly hash: string;
}

export function linkOf(row: LinkRow): HistoryLink {
  const { kind, model, version, digest, subject, value, who, login, why, hash } = row;
  const event = { kind, model, version, digest, subject, value, who, login, why, hash };
  return {
    ...event,
    sequence: Number(row.sequence),
    at: row.at.toISOString(),
    previousHash: row.previous_hash,
  };
}

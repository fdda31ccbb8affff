import { transactionIdPattern } from "./transaction.ts";
import type { Fault, Parsed } from "./fault.ts";

/** Who says so, the weightiest first: where labels disagree it decides. The ledger keeps them all. */
export type LabelSource = "chargeback" | "issuer" | "analyst" | "customer";
export const labelSources: readonly LabelSource[] = ["chargeback", "issuer", "analyst", "customer"];

/** What `fraud.labels.v1` and `POST /v1/labels` carry: the truth about a transaction, days later. */
export interface Label {
  /** Unique for each label: the key of idempotency. */
  readonly labelId: string;
  readonly transactionId: string;
  readonly fraud: boolean;
  readonly source: LabelSource;
  /** When the label became known, RFC 3339 with offset. Features may use it from then on, never earlier. */
  readonly labelledAt: string;
  /** Optional fraud pattern in the source's own words (`"stolen-card"`). */
  readonly pattern?: string;
}

const labelKeys = new Set(["labelId", "transactionId", "fraud", "source", "labelledAt", "pattern"]);
const patternMaxLength = 64;
const minuteMs = 60_000;

/** Clocks of servers differ by seconds; one further ahead is wrong, and would hide a label until its time. */
export const labelFutureToleranceMs: number = 5 * minuteMs;

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/u;

/** Checks a label of unknown origin against its form and the clock; every fault is reported with its path. */
export function parseLabel(input: unknown, nowMs: number): Parsed<Label> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { ok: false, faults: [{ path: "", message: "must be a JSON object" }] };
  }
  const faults: Fault[] = [];
  const label = input as Record<string, unknown>;
  for (const key of Object.keys(label)) {
    if (!labelKeys.has(key)) faults.push({ path: `/${key}`, message: "is not a field of a label" });
  }
  for (const key of ["labelId", "transactionId"]) {
    const value = label[key];
    if (typeof value !== "string" || !transactionIdPattern.test(value)) {
      faults.push({ path: `/${key}`, message: "must be 1 to 64 letters, digits or . _ : -" });
    }
  }
  if (typeof label["fraud"] !== "boolean") faults.push({ path: "/fraud", message: "must be true or false" });
  if (!labelSources.includes(label["source"] as LabelSource)) {
    faults.push({ path: "/source", message: `must be one of ${labelSources.join(", ")}` });
  }
  const wrongTime = faultOfTime(label["labelledAt"], nowMs);
  if (wrongTime !== undefined) faults.push({ path: "/labelledAt", message: wrongTime });
  const pattern = label["pattern"];
  if (pattern !== undefined && (typeof pattern !== "string" || pattern.length > patternMaxLength)) {
    faults.push({ path: "/pattern", message: `must be a string of at most ${patternMaxLength} characters` });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: label as unknown as Label };
}

function faultOfTime(labelledAt: unknown, nowMs: number): string | undefined {
  const atMs =
    typeof labelledAt === "string" && rfc3339.test(labelledAt) ? Date.parse(labelledAt) : Number.NaN;
  if (Number.isNaN(atMs)) return "must be an RFC 3339 time with offset";
  if (atMs <= nowMs + labelFutureToleranceMs) return undefined;
  return `must not lie more than ${labelFutureToleranceMs / minuteMs} minutes in the future`;
}

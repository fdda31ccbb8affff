import { outcomes, type DecisionRecord } from "@tollgate/contracts";
import { decodeJsonValue } from "@tollgate/event-log";
import { driftMonitorLimits } from "./limits.ts";

/** A decision as far as the monitor relies on it, or what is wrong with the record. */
export type ReadDecision =
  | { readonly ok: true; readonly record: DecisionRecord }
  | { readonly ok: false; readonly fault: string };

type Unknown = Readonly<Partial<Record<keyof DecisionRecord, unknown>>>;

const checks: readonly (readonly [fault: string, holds: (record: Unknown) => boolean])[] = [
  ["has no times", ({ occurredAt, decidedAt }) => isTime(occurredAt) && isTime(decidedAt)],
  ["has no outcome", ({ outcome }) => outcomes.some((known) => known === outcome)],
  ["has no score", ({ score }) => score === null || (typeof score === "number" && Number.isFinite(score))],
  ["has no model reference", ({ model }) => model === null || isModelVersion(model)],
  ["has no states", ({ statesRead }) => Array.isArray(statesRead)],
  ["has no transaction", ({ transaction }) => typeof transaction === "object" && transaction !== null],
];

export function readDecision(value: Buffer | null): ReadDecision {
  const json = decodeJsonValue(value, { maxBytes: driftMonitorLimits.recordBytes });
  if (!json.ok) return { ok: false, fault: json.message };
  if (typeof json.value !== "object" || json.value === null) return { ok: false, fault: "is not an object" };
  const record = json.value as Unknown;
  const failed = checks.find(([, holds]) => !holds(record));
  if (failed !== undefined) return { ok: false, fault: failed[0] };
  return { ok: true, record: json.value as DecisionRecord };
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && Number.isFinite(Date.parse(value));
}

function isModelVersion(value: unknown): boolean {
  const { name, version } = (value ?? {}) as { readonly name?: unknown; readonly version?: unknown };
  return typeof name === "string" && name !== "" && Number.isInteger(version);
}

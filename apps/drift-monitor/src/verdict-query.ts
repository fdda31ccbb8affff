import { driftStatuses, driftWindowKinds, type Fault } from "@tollgate/contracts";
import { DriftApiError } from "./errors.ts";
import { driftMonitorLimits } from "./limits.ts";
import type { ModelVersion } from "./store/tile-delta.ts";
import type { VerdictFilter } from "./store/verdict-store.ts";

/** What a caller asks of the verdicts. */
export interface VerdictQuery {
  readonly filter: VerdictFilter;
  readonly limit: number;
}

const known = new Set(["model", "segment", "window", "status", "feature", "from", "until", "limit"]);

/** @throws DriftApiError INVALID_QUERY naming every parameter that cannot be used. */
export function parseVerdictQuery(parameters: URLSearchParams): VerdictQuery {
  const faults: Fault[] = [];
  const fault = (name: string, message: string): undefined => void faults.push({ path: `/${name}`, message });
  for (const name of new Set(parameters.keys())) if (!known.has(name)) fault(name, "is not a filter");
  const text = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | undefined => {
    const given = text(name);
    const found = values.find((value) => value === given);
    return given === undefined || found !== undefined
      ? found
      : fault(name, `must be one of ${values.join(", ")}`);
  };
  const time = (name: string): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    const atMs = Date.parse(given);
    return Number.isNaN(atMs) ? fault(name, "must be a time as 2026-03-01T12:00:00Z") : atMs;
  };
  const filter = {
    model: modelOf(text("model"), fault),
    segment: text("segment"),
    kind: oneOf("window", driftWindowKinds),
    status: oneOf("status", driftStatuses),
    feature: text("feature"),
    fromMs: time("from"),
    untilMs: time("until"),
  };
  const limit = limitOf(text("limit"), fault);
  if (faults.length > 0) throw new DriftApiError("INVALID_QUERY", faults);
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return { filter: Object.fromEntries(given) as VerdictFilter, limit };
}

type NoteFault = (name: string, message: string) => undefined;

function modelOf(given: string | undefined, fault: NoteFault): ModelVersion | undefined {
  if (given === undefined) return undefined;
  const [, name, version] = /^([a-z][a-z0-9-]*)(?:@v|\/)(\d{1,9})$/u.exec(given) ?? [];
  if (name === undefined) return fault("model", "must be a name and version as card-payments@v3");
  return { name, version: Number(version) };
}

function limitOf(given: string | undefined, fault: NoteFault): number {
  const { pageVerdicts, pageVerdictsMax } = driftMonitorLimits;
  const limit = given === undefined ? pageVerdicts : Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageVerdictsMax) return limit;
  fault("limit", `must be a whole number from 1 to ${pageVerdictsMax}`);
  return pageVerdicts;
}

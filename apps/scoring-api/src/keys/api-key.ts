import { hash, randomBytes } from "node:crypto";
import type { Fault, Parsed } from "@tollgate/contracts";
import { apiLimits } from "../limits.ts";

/** What a key may do. */
export const scopes = [
  "score",
  "labels",
  "decisions:read",
  "metrics:read",
  "infer",
  "models:choose",
] as const;
export type Scope = (typeof scopes)[number];

/** A key as stored: its hash, never the key. */
export interface ApiKeyEntry {
  /** Names the key's owner in logs; not secret. */
  readonly id: string;
  /** SHA-256 of the key, 64 hex digits. */
  readonly sha256: string;
  readonly scopes: readonly Scope[];
  /** Transactions (or labels, or look-ups) a second and replica, on average. */
  readonly ratePerSecond: number;
  /** How many at once after a pause. */
  readonly burst: number;
}

const keyBytes = 32;

/** A new key of 256 random bits. Shown once: only its entry is kept. */
export function createApiKey(entry: Omit<ApiKeyEntry, "sha256">): {
  readonly key: string;
  readonly entry: ApiKeyEntry;
} {
  const key = `tollgate_${randomBytes(keyBytes).toString("base64url")}`;
  const { id, ...rights } = entry;
  return { key, entry: { id, sha256: hashOfKey(key), ...rights } };
}

/**
 * A plain SHA-256 is right here: bcrypt slows the guessing of weak passwords down, and nobody guesses 256
 * random bits. It would cost 50 ms on each request.
 */
export function hashOfKey(key: string): string {
  return hash("sha256", key, "hex");
}

/** Checks the text of a key file: a JSON array of entries. Every fault with its path. */
export function parseApiKeys(text: string): Parsed<readonly ApiKeyEntry[]> {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { ok: false, faults: [{ path: "", message: "is not JSON" }] };
  }
  if (!Array.isArray(input) || input.length === 0 || input.length > apiLimits.apiKeys) {
    const message = `must be a JSON array of 1 to ${apiLimits.apiKeys} keys`;
    return { ok: false, faults: [{ path: "", message }] };
  }
  const faults = input.flatMap((entry, index) => faultsOfEntry(entry, `/${index}`));
  if (faults.length > 0) return { ok: false, faults };
  const entries = input as ApiKeyEntry[];
  for (const field of ["id", "sha256"] as const) {
    const values = entries.map((entry) => entry[field]);
    const second = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (second >= 0) faults.push({ path: `/${second}/${field}`, message: "is there twice" });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: entries };
}

const checks: Readonly<Record<keyof ApiKeyEntry, { accepts(value: unknown): boolean; message: string }>> = {
  id: {
    accepts: (value) => typeof value === "string" && /^[A-Za-z0-9._:-]{1,64}$/u.test(value),
    message: "must be 1 to 64 letters, digits or . _ : -",
  },
  sha256: {
    accepts: (value) => typeof value === "string" && /^[0-9a-f]{64}$/u.test(value),
    message: "must be the SHA-256 of the key, 64 lower-case hex digits",
  },
  scopes: {
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((scope) => scopes.includes(scope as Scope)),
    message: `must be a list of ${scopes.join(", ")}`,
  },
  ratePerSecond: { accepts: isPositive, message: "must be a number above 0" },
  burst: { accepts: isPositive, message: "must be a number above 0" },
};

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function faultsOfEntry(entry: unknown, path: string): Fault[] {
  if (typeof entry !== "object" || entry === null) return [{ path, message: "must be an object" }];
  const fields = entry as Record<string, unknown>;
  const unknown = Object.keys(fields)
    .filter((name) => !Object.hasOwn(checks, name))
    .map((name) => ({ path: `${path}/${name}`, message: "is not a field of a key" }));
  const wrong = Object.entries(checks)
    .filter(([name, check]) => !check.accepts(fields[name]))
    .map(([name, { message }]) => ({ path: `${path}/${name}`, message }));
  return [...unknown, ...wrong];
}

import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "@tollgate/runtime";
import { hashOfKey, scopes, type ApiKeyEntry, type Scope } from "./api-key.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Who sends a request. */
export interface Caller {
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Null: no limit. */
  readonly bucket: TokenBucket | null;
}

/** Finds the caller by the request's API key; null when there is none or nobody has it. */
export type Authenticator = (headers: IncomingHttpHeaders) => Caller | null;

/** @param keys `"off"`: everyone may do everything; the configuration allows it on loopback only. */
export function createAuthenticator(keys: readonly ApiKeyEntry[] | "off", clock: Clock): Authenticator {
  if (keys === "off") {
    const anyone: Caller = { id: "anyone", scopes: new Set(scopes), bucket: null };
    return () => anyone;
  }
  const known = new Map(
    keys.map((entry) => {
      const { id, ratePerSecond, burst } = entry;
      const bucket = createTokenBucket({ ratePerSecond, burst, clock });
      const caller: Caller = { id, scopes: new Set(entry.scopes), bucket };
      return [entry.sha256, { hash: Buffer.from(entry.sha256), caller }] as const;
    }),
  );
  const [someone] = known.values();
  return (headers) => {
    const key = keyOf(headers);
    if (key === undefined) return null;
    const hash = hashOfKey(key);
    // The map is asked by hash, so its timing tells nothing of a key; the comparison takes as long for an
    // unknown one as for a known one.
    const found = known.get(hash);
    const candidate = found ?? someone;
    if (candidate === undefined) return null;
    const same = timingSafeEqual(Buffer.from(hash), candidate.hash);
    return same && found !== undefined ? found.caller : null;
  };
}

const bearer = "bearer ";

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined && authorization.slice(0, bearer.length).toLowerCase() === bearer) {
    return authorization.slice(bearer.length).trim();
  }
  const key = headers["x-api-key"];
  return typeof key === "string" && key !== "" ? key : undefined;
}

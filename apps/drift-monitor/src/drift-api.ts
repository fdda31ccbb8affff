import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DriftVerdict } from "@tollgate/contracts";
import type { Lifecycle, Logger } from "@tollgate/runtime";
import type { Pool } from "pg";
import { DriftApiError, driftApiErrors, problemOf } from "./errors.ts";
import { driftMonitorLimits } from "./limits.ts";
import { findDays, findMaturity } from "./store/performance-store.ts";
import { findVerdict, findVerdicts } from "./store/verdict-store.ts";
import { parseVerdictQuery } from "./verdict-query.ts";

export interface DriftApiOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Undefined: nobody is asked who they are. */
  readonly key: string | undefined;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/**
 * `GET /v1/drift` (verdicts, without their pictures), `/v1/drift/<verdict id>` (one, with both histograms)
 * and `/v1/drift/performance`. Returns the port. @throws when it is taken.
 */
export async function startDriftApi(options: DriftApiOptions): Promise<{ readonly port: number }> {
  const { host, port, lifecycle, logger } = options;
  const server = createServer((request, response) => void respond(request, response, options));
  server.requestTimeout = driftMonitorLimits.apiRequestTimeoutMs;
  server.maxConnections = driftMonitorLimits.apiConnections;
  await listen(server, { host, port });
  lifecycle.onStop("drift api", async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  const address = server.address() as AddressInfo;
  logger.info("drift-api", { host, port: address.port });
  return { port: address.port };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: DriftApiOptions,
): Promise<void> {
  try {
    authenticate(request, options.key);
    send(response, { status: 200, type: "application/json", body: await answer(request, options.pool) });
  } catch (error) {
    const known = error instanceof DriftApiError ? error : new DriftApiError("STORE_UNAVAILABLE", [], error);
    if (known !== error) options.logger.warn("drift-api-failed", { message: String(error) });
    const { status } = driftApiErrors[known.code];
    send(response, { status, type: "application/problem+json", body: problemOf(known) });
  }
}

function send(
  response: ServerResponse,
  answered: { readonly status: number; readonly type: string; readonly body: unknown },
): void {
  const headers = { "content-type": answered.type, "cache-control": "no-store" };
  response.writeHead(answered.status, headers).end(JSON.stringify(answered.body));
}

function authenticate(request: IncomingMessage, key: string | undefined): void {
  if (key === undefined) return;
  const given = /^Bearer (.+)$/u.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(given), digest(key))) throw new DriftApiError("UNAUTHENTICATED");
}

const base = "/v1/drift";

async function answer(request: IncomingMessage, pool: Pool): Promise<unknown> {
  if (request.method !== "GET") throw new DriftApiError("METHOD_NOT_ALLOWED");
  const url = new URL(request.url ?? "/", "http://monitor");
  if (url.pathname === base) {
    const { filter, limit } = parseVerdictQuery(url.searchParams);
    const verdicts = await findVerdicts(pool, filter, limit);
    return { verdicts: verdicts.map(withoutPictures) };
  }
  if (url.pathname === `${base}/performance`) return performanceOf(pool, url.searchParams);
  if (!url.pathname.startsWith(`${base}/`)) throw new DriftApiError("NOT_FOUND");
  const verdict = await findVerdict(pool, decoded(url.pathname.slice(base.length + 1)));
  if (verdict === undefined) throw new DriftApiError("VERDICT_NOT_FOUND");
  return verdict;
}

async function performanceOf(pool: Pool, parameters: URLSearchParams): Promise<unknown> {
  const { filter } = parseVerdictQuery(parameters);
  const [days, maturity] = await Promise.all([findDays(pool, filter), findMaturity(pool)]);
  return {
    days: days.map(({ dayMs, ...day }) => ({ day: new Date(dayMs).toISOString().slice(0, 10), ...day })),
    maturity,
  };
}

function withoutPictures(verdict: DriftVerdict): unknown {
  const findings = verdict.findings.map(({ picture: _left, ...finding }) => finding);
  return { ...verdict, findings };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new DriftApiError("VERDICT_NOT_FOUND");
  }
}

function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

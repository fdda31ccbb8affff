import { TollgateError, TollgateUnreachable } from "./errors.ts";
import { clientLimits } from "./limits.ts";

export interface ClientOptions {
  /** Where the API is: `https://scoring.example.com`. */
  readonly url: string;
  readonly key: string;
  /** Longest wait for one answer; at least the deadline that is asked for. */
  readonly timeoutMs?: number;
  /** How often a request is sent at most; 1: never again. */
  readonly attempts?: number;
  /** Waits between attempts; rejects when the signal aborts. For tests. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What a call may ask for besides. */
export interface CallOptions {
  /** Time that the API has for its answer: `Tollgate-Deadline-Ms`. */
  readonly deadlineMs?: number;
  /** Another loaded version of the model, `@challenger`: `Tollgate-Model`. */
  readonly model?: string;
  readonly requestId?: string;
  readonly signal?: AbortSignal;
}

export interface ApiCall extends CallOptions {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a request, and again only when the API says that this can help, after the time that it asks for.
 * @returns a successful answer. @throws TollgateError, TollgateUnreachable
 */
export async function callApi(options: ClientOptions, call: ApiCall): Promise<Response> {
  const { attempts = clientLimits.attempts, pause = pauseFor } = options;
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(options, call);
    if (response.ok) return response;
    const error = await errorOf(response);
    const doubled = clientLimits.retryPauseFirstMs * 2 ** (attempt - 1);
    const pauseMs = error.retryAfterMs ?? doubled;
    const isLast = attempt >= attempts || pauseMs > clientLimits.retryPauseMaxMs;
    if (!error.retryable || isLast) throw error;
    await pause(pauseMs, call.signal);
  }
}

async function send(options: ClientOptions, call: ApiCall): Promise<Response> {
  const { timeoutMs = clientLimits.timeoutMs } = options;
  const timeout = AbortSignal.timeout(Math.max(timeoutMs, call.deadlineMs ?? 0));
  const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const type: Readonly<Record<string, string>> = body === null ? {} : { "content-type": "application/json" };
  const headers = { ...headersOf(options, call), ...type };
  try {
    return await fetch(urlOf(options, call.path), { method: call.method, headers, body, signal });
  } catch (error) {
    call.signal?.throwIfAborted();
    throw new TollgateUnreachable(`no answer from ${call.path}: ${messageOf(error)}`, error);
  }
}

export function urlOf({ url }: Pick<ClientOptions, "url">, path: string): string {
  return `${url.replace(/\/+$/u, "")}${path}`;
}

export function headersOf(
  { key }: Pick<ClientOptions, "key">,
  { deadlineMs, model, requestId, headers }: Omit<ApiCall, "method" | "path">,
): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    ...(deadlineMs === undefined ? {} : { "tollgate-deadline-ms": String(deadlineMs) }),
    ...(model === undefined ? {} : { "tollgate-model": model }),
    ...(requestId === undefined ? {} : { "x-request-id": requestId }),
    ...headers,
  };
}

/** The API's problem; what something before it answered (a proxy's page) is never sent again. */
export async function errorOf(response: Response): Promise<TollgateError> {
  const text = await response.text().catch(() => "");
  const { status } = response;
  const body = objectIn(text);
  const { code, detail, retryable, error } = body;
  if (typeof code === "string" && typeof detail === "string" && typeof retryable === "boolean") {
    const faults = Array.isArray(body["faults"]) ? { faults: body["faults"] } : {};
    return new TollgateError({ status, code, detail, retryable, ...faults }, response);
  }
  // The Open Inference Protocol's form: `CODE: text`.
  const [, inferenceCode = "UNKNOWN", inferenceDetail = text.slice(0, 200)] =
    typeof error === "string" ? (/^([A-Z0-9_]+): (.*)$/su.exec(error) ?? []) : [];
  const problem = { status, code: inferenceCode, detail: inferenceDetail, retryable: false };
  return new TollgateError(problem, response);
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Resolves after the time; rejects with the signal's reason when that comes first. */
export async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
  });
}

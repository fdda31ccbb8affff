import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, Logger } from "@tollgate/runtime";
import { ScoringError } from "@tollgate/scoring";
import type { Telemetry, Trace, Tracing } from "@tollgate/telemetry";
import { ApiError } from "./errors.ts";
import { endResponse, type Answer, type StreamedAnswer } from "./http/end-response.ts";
import { decodeJson } from "./http/decode-json.ts";
import { ClientGone, readBody } from "./http/read-body.ts";
import { requestIdOf } from "./http/request-id.ts";
import { streamResponse } from "./http/stream-response.ts";
import type { Scope } from "./keys/api-key.ts";
import type { Authenticator, Caller } from "./keys/authenticator.ts";
import { chargeItems, chargeItemsInTurn } from "./keys/charge-items.ts";
import { apiLimits } from "./limits.ts";
import { apiErrorOf, problemOf } from "./problem.ts";
import { problemBody } from "./problem-body.ts";
import type { Exchange, Route } from "./route.ts";

/** What every route is served with. */
export interface ServeContext {
  readonly authenticate: Authenticator;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Undefined while tracing is off. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  /** Requests being handled, over all routes. */
  readonly load: { inFlight: number; readonly limit: number };
  readonly isDraining: () => boolean;
  /** Connections whose request may take longer than others have: it is streamed. */
  readonly longRequests: WeakSet<Duplex>;
}

export type Serve = (
  request: IncomingMessage,
  response: ServerResponse,
  parameters?: Readonly<Record<string, string>>,
) => void;

/** Step 1 of a transaction's way: load, authentication, rate; then the route and its answer. Never throws. */
export function serveRoute(route: Route, context: ServeContext): Serve {
  const { metrics } = context.telemetry;
  const duration = metrics.httpRequestDuration({ route: route.path });
  const count = (status: string): void => metrics.httpRequests({ route: route.path, status }).add();
  const serve = async (response: ServerResponse, exchange: ChargeableExchange): Promise<void> => {
    const { request, requestId, receivedMicros } = exchange;
    const answer = await outcomeOf(route, exchange, context);
    if (answer !== null && "parts" in answer) {
      const complete = await streamAnswer(response, { answer, exchange, context });
      count(complete ? String(answer.status) : "aborted");
      endTrace(exchange, route, context.clock, answer.status);
      return;
    }
    if (answer === null || response.destroyed) {
      count("aborted");
      endTrace(exchange, route, context.clock);
      return;
    }
    endResponse(request, response, { answer, requestId, close: context.isDraining() });
    count(String(answer.status));
    endTrace(exchange, route, context.clock, answer.status);
    const seconds = (context.clock.monotonicMicros() - receivedMicros) / 1_000_000;
    duration.observe(seconds, exchange.trace?.keptId);
  };
  return (request, response, parameters = noParameters) => {
    const receivedMicros = context.clock.monotonicMicros();
    const requestId = requestIdOf(request.headers);
    const values = { receivedMicros, requestId, parameters };
    void serve(response, createExchange({ request, response, context, values }));
  };
}

const noParameters: Readonly<Record<string, string>> = {};

function endTrace({ trace }: Exchange, route: Route, clock: Clock, status?: number): void {
  if (trace === undefined) return;
  const answered = status === undefined ? {} : { "http.response.status_code": status };
  const attributes = { "http.request.method": route.method, "http.route": route.path, ...answered };
  trace.end(clock.monotonicMicros(), attributes);
}

/** Null when the client left. */
async function outcomeOf(
  route: Route,
  exchange: ChargeableExchange,
  context: ServeContext,
): Promise<Answer | StreamedAnswer | null> {
  const handle = (): Promise<Answer | StreamedAnswer> => {
    const caller = admit(route, exchange.request, context);
    exchange.caller = caller;
    if (route.traced === true && context.tracing !== undefined) {
      const { request, receivedMicros: startMicros } = exchange;
      exchange.trace = context.tracing.begin({ headers: request.headers, kind: "server", startMicros });
    }
    if (route.cost === "one") exchange.charge(1);
    // The items are counted only after a large body was read: not for a caller whose rate is used up.
    if (route.cost === "items") exchange.charge(0);
    return route.handle(exchange);
  };
  try {
    return await (route.cost === "free" ? handle() : occupy(context.load, handle));
  } catch (error) {
    return error instanceof ClientGone || isCanceled(error) ? null : failure(error, exchange, context);
  }
}

/** Does the work as one of the requests in flight. @throws ApiError `OVERLOADED` */
async function occupy<R>(load: ServeContext["load"], work: () => Promise<R>): Promise<R> {
  if (load.inFlight >= load.limit) throw new ApiError("OVERLOADED");
  load.inFlight += 1;
  try {
    return await work();
  } finally {
    load.inFlight -= 1;
  }
}

/**
 * False when the client left before the end. A fault of ours ends the answer where it is: its head is out
 * already.
 */
async function streamAnswer(
  response: ServerResponse,
  parts: {
    readonly answer: StreamedAnswer;
    readonly exchange: ChargeableExchange;
    readonly context: ServeContext;
  },
): Promise<boolean> {
  const { answer, exchange, context } = parts;
  try {
    const { requestId } = exchange;
    await streamResponse(response, { answer, requestId, close: context.isDraining() });
    return !response.destroyed;
  } catch (error) {
    // Its own connection ended: not a fault of ours.
    if (!exchange.isGone() && exchange.request.errored === null) failure(error, exchange, context);
    response.destroy();
    return false;
  }
}

function isCanceled(error: unknown): boolean {
  return error instanceof ScoringError && error.code === "CANCELED";
}

function admit(route: Route, request: IncomingMessage, context: ServeContext): Caller | null {
  if (route.access === "open") return null;
  const caller = context.authenticate(request.headers);
  if (caller === null) {
    throw new ApiError("UNAUTHENTICATED", { headers: { "WWW-Authenticate": 'Bearer realm="tollgate"' } });
  }
  if (route.access !== "any-key" && !caller.scopes.has(route.access)) {
    throw missingScope(route.access);
  }
  return caller;
}

function missingScope(scope: Scope): ApiError {
  return new ApiError("MISSING_SCOPE", { detail: `It needs the scope ${scope}.` });
}

interface ChargeableExchange extends Exchange {
  /** Null where the route is open to everybody. */
  caller: Caller | null;
  trace: Trace | undefined;
}

interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: ServeContext;
  readonly values: Pick<Exchange, "receivedMicros" | "requestId" | "parameters">;
}

function createExchange({ request, response, context, values }: ExchangeParts): ChargeableExchange {
  const isGone = (): boolean => response.destroyed;
  return {
    request,
    receivedMicros: values.receivedMicros,
    requestId: values.requestId,
    parameters: values.parameters,
    caller: null,
    trace: undefined,
    transactionId: undefined,
    async readJson(limitBytes) {
      assertJson(request);
      return decodeJson(await this.readBytes(limitBytes));
    },
    readBytes: (limitBytes) => readBody(request, limitBytes, () => response.writeContinue()),
    isGone,
    whenGone: () => abortedOnClose(response),
    holds(scope) {
      return this.caller?.scopes.has(scope) ?? false;
    },
    require(scope) {
      if (!this.holds(scope)) throw missingScope(scope);
    },
    charge(items) {
      chargeItems(this.caller?.bucket ?? null, items);
    },
    openStream() {
      const { caller } = this;
      if (request.headers.expect !== undefined) response.writeContinue();
      context.longRequests.add(request.socket);
      return {
        chunks: request.iterator({ destroyOnReturn: false }),
        itemsAtOnce: Math.max(1, Math.floor(caller?.bucket?.burst ?? Infinity)),
        isEnding: context.isDraining,
        chargeInTurn: (items) => {
          const { streamRateWaitMs: waitMs, streamLookMs: lookMs } = apiLimits;
          return chargeItemsInTurn(caller?.bucket ?? null, items, { waitMs, lookMs, isGone });
        },
        occupy: (work) => occupy(context.load, work),
        close: () => context.longRequests.delete(request.socket),
      };
    },
  };
}

function abortedOnClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  else response.once("close", () => controller.abort());
  return controller.signal;
}

const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

function assertJson(request: IncomingMessage): void {
  const type = request.headers["content-type"];
  const encoding = request.headers["content-encoding"];
  const plain = encoding === undefined || encoding === "identity";
  if (plain && (type === "application/json" || (type !== undefined && jsonType.test(type)))) return;
  throw new ApiError("UNSUPPORTED_MEDIA_TYPE", { headers: { Accept: "application/json" } });
}

function failure(error: unknown, exchange: Exchange, context: ServeContext): Answer {
  const { code, details } = apiErrorOf(error);
  const { metrics } = context.telemetry;
  if (code === "INTERNAL") {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const { requestId, transactionId, trace } = exchange;
    const about = { requestId, transactionId, traceId: trace?.traceId };
    context.logger.error("request-failed", { ...about, message, stack });
  }
  metrics.rejected({ reason: code }).add();
  if (code === "RATE_LIMITED") metrics.rateLimited().add();
  const problem = problemOf(code, details);
  if (problem.status >= 500) exchange.trace?.failed(code);
  const retryAfter = problem.status === 503 ? { "Retry-After": String(apiLimits.retryAfterSeconds) } : {};
  return {
    status: problem.status,
    ...problemBody(exchange.request, problem),
    headers: { ...retryAfter, ...details.headers },
  };
}

import { deadlineIn, type Clock, type Deadline } from "@tollgate/runtime";
import { ApiError } from "./errors.ts";
import { apiLimits } from "./limits.ts";
import type { Exchange } from "./route.ts";

const header = "tollgate-deadline-ms";

/**
 * When the answer must be out: the caller's Tollgate-Deadline-Ms, capped, or the default; counted from the
 * request's headers on. @throws ApiError `INVALID_DEADLINE`
 */
export function deadlineOf(exchange: Exchange, clock: Clock, defaultMs: number): Deadline {
  const spentMs = (clock.monotonicMicros() - exchange.receivedMicros) / 1000;
  return deadlineIn(clock, deadlineMsOf(exchange, defaultMs) - spentMs);
}

/** How much time the caller gives, capped, or the default. @throws ApiError `INVALID_DEADLINE` */
export function deadlineMsOf(exchange: Exchange, defaultMs: number): number {
  const asked = exchange.request.headers[header];
  return Math.min(asked === undefined ? defaultMs : millisecondsOf(asked), apiLimits.deadlineMaxMs);
}

function millisecondsOf(asked: string | readonly string[]): number {
  if (typeof asked !== "string" || !/^[1-9]\d{0,8}$/u.test(asked)) throw new ApiError("INVALID_DEADLINE");
  return Number(asked);
}

import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { apiLimits } from "../limits.ts";

const sane = new RegExp(`^[A-Za-z0-9._:-]{1,${apiLimits.requestIdCharacters}}$`, "u");

/** The caller's `X-Request-Id` when it can safely go into logs and headers, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && sane.test(given) ? given : randomUUID();
}

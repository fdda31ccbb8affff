import type { IncomingMessage } from "node:http";
import type { Problem } from "@tollgate/contracts";
import type { Answer } from "./http/end-response.ts";

/** A problem document; under `/v2` the error object that the Open Inference Protocol prescribes. */
export function problemBody(
  request: Pick<IncomingMessage, "url">,
  problem: Problem,
): Pick<Answer, "contentType" | "body"> {
  if (!/^\/v2(?:[/?]|$)/u.test(request.url ?? "")) {
    return { contentType: "application/problem+json", body: JSON.stringify(problem) };
  }
  const faults = (problem.faults ?? []).map(({ path, message }) => ` ${path} ${message}.`.replace("  ", " "));
  const error = `${problem.code}: ${problem.detail}${faults.join("")}`;
  return { contentType: "application/json", body: JSON.stringify({ error }) };
}

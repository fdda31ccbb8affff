import { parseLabel, type Fault, type Label } from "@tollgate/contracts";
import type { Clock, Logger } from "@tollgate/runtime";
import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import type { LabelSink } from "../../ports.ts";
import { faultsAt } from "../../problem.ts";
import type { Route } from "../../route.ts";

/** `POST /v1/labels`: one label or a list; all are recorded, or none. */
export function labelsRoute(options: {
  readonly sink: LabelSink;
  readonly clock: Clock;
  readonly logger: Logger;
}): Route {
  return {
    method: "POST",
    path: "/v1/labels",
    access: "labels",
    cost: "items",
    async handle(exchange) {
      const body = await exchange.readJson(apiLimits.labelsBodyBytes);
      const count = Array.isArray(body) ? body.length : 1;
      if (count > apiLimits.labels) {
        const detail = `${count} were sent, the limit is ${apiLimits.labels}.`;
        throw new ApiError("TOO_MANY_ITEMS", { detail });
      }
      exchange.charge(count);
      const labels = labelsOf(body, options.clock.nowMs());
      try {
        await options.sink.append(labels);
      } catch (error) {
        options.logger.warn("labels-not-recorded", { labels: labels.length, message: String(error) });
        throw new ApiError("LABELS_NOT_RECORDED");
      }
      const body202 = JSON.stringify({ accepted: labels.length });
      return { status: 202, contentType: "application/json", body: body202 };
    },
  };
}

function labelsOf(body: unknown, nowMs: number): readonly Label[] {
  const listed = Array.isArray(body);
  const inputs: readonly unknown[] = listed ? body : [body];
  const labels: Label[] = [];
  const faults: Fault[] = [];
  for (const [index, input] of inputs.entries()) {
    const parsed = parseLabel(input, nowMs);
    if (parsed.ok) labels.push(parsed.value);
    else faults.push(...(listed ? faultsAt(`/${index}`, parsed.faults) : parsed.faults));
  }
  if (faults.length > 0) throw new ApiError("INVALID_LABELS", { faults });
  return labels;
}

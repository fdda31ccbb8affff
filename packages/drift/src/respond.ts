import type { DriftFinding, DriftResponse } from "@tollgate/contracts";
import type { DriftSettings } from "./drift-settings.ts";

/** From this difference of shares on, missing and out-of-range values say that an input is broken. */
const brokenShare = 0.05;

/** What the policy suggests for what was found; only what `drifted` asks for a response. */
export function respond(
  findings: readonly DriftFinding[],
  responses: DriftSettings["responses"],
): { readonly action: DriftResponse; readonly reason: string } {
  const drifted = findings.filter(({ status }) => status === "drifted");
  const named = (of: readonly DriftFinding[]): string =>
    of
      .slice(0, 3)
      .map(({ feature }) => feature)
      .join(", ");
  const performance = drifted.filter(({ subject }) => subject === "performance");
  if (performance.length > 0) {
    const reason = `labels say that the model finds other fraud than it did (${named(performance)})`;
    return { action: responses.performance, reason };
  }
  const moved = drifted.filter(({ subject }) => subject === "prediction" || subject === "decision");
  const broken = drifted.filter(isBroken);
  if (broken.length > 0 && moved.length > 0) {
    const reason = `inputs are missing or out of range (${named(broken)}) and the score follows`;
    return { action: responses["data-quality"], reason };
  }
  const inputs = drifted.filter(({ subject }) => subject !== "prediction" && subject !== "decision");
  if (moved.length > 0) {
    const why = inputs.length > 0 ? `with ${named(inputs)}` : "though no input was seen to move";
    return { action: responses.prediction, reason: `${named(moved)} moved ${why}` };
  }
  if (inputs.length > 0) {
    return { action: responses.input, reason: `${named(inputs)} moved, the score did not` };
  }
  return { action: "nothing", reason: "nothing drifted" };
}

function isBroken({ subject, aspect, effect }: DriftFinding): boolean {
  const isShare = aspect === "missing" || aspect === "out-of-range" || aspect === "unseen";
  return subject === "data-quality" || (isShare && effect >= brokenShare);
}

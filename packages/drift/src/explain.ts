import type { DriftFinding, DriftStatus, DriftVerdict } from "@tollgate/contracts";
import type { DriftSettings } from "./drift-settings.ts";

/** A sentence or two for a person: why this status. */
export function explain(
  status: DriftStatus,
  of: Pick<DriftVerdict, "decisions" | "baseline" | "findings" | "untested" | "announced" | "tests">,
  context: { readonly settings: DriftSettings; readonly isComplete: boolean },
): string {
  if (status === "inconclusive") return whyInconclusive(of, context);
  const against =
    of.baseline.source === "history"
      ? "healthy past windows of the same hours of the week"
      : "the model's reference";
  const announced = of.announced === null ? "" : ` "${of.announced}" was announced: it does not alarm.`;
  const left = of.untested.length === 0 ? "" : ` ${of.untested.length} had too few values to be tested.`;
  if (of.findings.length === 0) return `${of.tests} tested against ${against}: none differs.${left}`;
  const listed = of.findings.slice(0, 5).map(describe).join("; ");
  const more = of.findings.length > 5 ? `; and ${of.findings.length - 5} more` : "";
  return `Against ${against}: ${listed}${more}.${announced}${left}`;
}

function whyInconclusive(
  of: Pick<DriftVerdict, "decisions" | "tests">,
  { settings, isComplete }: { readonly settings: DriftSettings; readonly isComplete: boolean },
): string {
  if (!isComplete) return "Minutes of this window are no longer kept apart from their hour.";
  const { minimumDecisions } = settings;
  if (of.decisions < minimumDecisions) {
    const what = of.decisions === 0 ? "No decision" : `${of.decisions} decisions`;
    return `${what} in the window, ${minimumDecisions} are needed: nothing can be said.`;
  }
  return "There is nothing to compare with yet: no past windows, and none of this kind in the reference.";
}

function describe({ feature, aspect, effect, adjustedPValue }: DriftFinding): string {
  return `${feature} ${amount(aspect, effect)} (p ${adjustedPValue.toPrecision(2)})`;
}

function amount(aspect: DriftFinding["aspect"], effect: number): string {
  const pairs = (50 + 100 * Math.abs(effect)).toFixed(1);
  const percent = `${effect > 0 ? "+" : ""}${(100 * effect).toFixed(1)}`;
  switch (aspect) {
    case "distribution":
      return `has another distribution, PSI ${effect.toFixed(3)}`;
    case "location":
      return `is ${effect > 0 ? "larger" : "smaller"} in ${pairs} % of pairs`;
    case "rate":
      return `changed by ${percent} %`;
    case "missing":
    case "out-of-range":
    case "unseen":
      return `is ${aspect} in ${percent} points more`;
  }
}

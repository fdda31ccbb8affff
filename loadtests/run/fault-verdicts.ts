import { degradedParts, type DegradedPart } from "@tollgate/contracts";
import type { ServiceLevels } from "@tollgate/engagement";
import { faultTexts, serviceTitles } from "./disturb.ts";
import type { LeftOut } from "./left-out.ts";
import { loadLimits } from "./limits.ts";
import type { Mark, Verdict } from "./load-result.ts";
import type { PartFigures, RunFigures } from "./measure-run.ts";
import { faultedServices, type FaultedService } from "./profiles.ts";
import { percent, promiseVerdicts } from "./verdicts.ts";

/** What decisions say that they were made without, while a service is away: docs/load-tests.md. */
const expected: Readonly<Record<FaultedService, readonly DegradedPart[]>> = {
  // Cold states, and the log tells later what was to be counted.
  redis: ["features", "state-write"],
  // Only the ledger needs it.
  postgres: [],
  // The outbox has them until it is back.
  kafka: ["event-log"],
};

/** What was seen of a run in which services were stopped. */
export interface FaultRun {
  readonly figures: RunFigures;
  readonly leftOut: readonly LeftOut[];
  readonly marks: readonly Mark[];
}

/** Errors and degradations that are documented and no others, and the promise again after each return. */
export function faultVerdicts(run: FaultRun, levels: ServiceLevels): readonly Verdict[] {
  const { figures } = run;
  const undocumented = Object.entries(figures.reasons).filter(([reason]) => reason !== "503");
  const count = undocumented.reduce((sum, [, number]) => sum + number, 0);
  const what = "failures other than the documented 503";
  const settled = figures.phases.map(({ name }) => name).filter((name) => name.endsWith("-settled"));
  return [
    { what, promised: "0", reached: String(count), passed: count === 0 },
    ...faultedServices.flatMap((service) => awayVerdicts(service, run, levels)),
    ...promiseVerdicts(figures, levels, settled),
  ];
}

function awayVerdicts(service: FaultedService, run: FaultRun, levels: ServiceLevels): readonly Verdict[] {
  const phase = run.figures.phases.find(({ name }) => name === `${service}-away`);
  const parts = run.leftOut.find((one) => one.phase === `${service}-away`)?.parts;
  if (phase === undefined || parts === undefined) return [];
  const title = serviceTitles[service];
  const due = phase.duePerSecond * secondsAway(service, run.marks);
  const least = Math.ceil(due * loadLimits.saidShareMin);
  const must = expected[service].map((part): Verdict => ({
    what: `${title} away: decisions without ${part}, and said so`,
    promised: `at least ${least}, of ${due.toFixed(0)} that were due meanwhile`,
    reached: String(parts[part]),
    passed: due > 0 && parts[part] >= least,
  }));
  const others = degradedParts.filter((part) => !expected[service].includes(part));
  const stray = others.reduce((sum, part) => sum + parts[part], 0) / Math.max(1, phase.accepted);
  return [
    ...must,
    {
      what: `${title} away: decisions without ${others.join(", ")}`,
      promised: `at most ${percent(loadLimits.strayShareMax)}`,
      reached: percent(stray),
      passed: stray <= loadLimits.strayShareMax,
    },
    ...(must.length === 0 ? [unharmedVerdict(title, phase, levels)] : []),
  ];
}

/** Nothing is left out, so nothing is refused either. */
function unharmedVerdict(title: string, phase: PartFigures, levels: ServiceLevels): Verdict {
  const failed = phase.failed + phase.dropped;
  const failedMax = 1 - levels.availabilityShare;
  const share = failed / Math.max(1, phase.accepted + failed);
  return {
    what: `${title} away: failed or not sent`,
    promised: `at most ${percent(failedMax)}`,
    reached: percent(share),
    passed: share <= failedMax,
  };
}

/** From when it had stopped until it was ready again; 0 when it was never stopped. */
function secondsAway(service: FaultedService, marks: readonly Mark[]): number {
  const at = (text: string): number => marks.find((mark) => mark.text === text)?.atSeconds ?? Number.NaN;
  const { stopped, back } = faultTexts(service);
  const seconds = at(back) - at(stopped);
  return Number.isNaN(seconds) ? 0 : seconds;
}

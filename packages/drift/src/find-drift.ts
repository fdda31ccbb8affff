import type { DriftAspect, DriftFinding, DriftPicture, DriftSubject } from "@tollgate/contracts";
import { benjaminiHochberg, populationStabilityIndex } from "@tollgate/statistics";
import type { AspectFigure } from "./aspect-figures.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { driftLimits } from "./limits.ts";
import { pictureOf } from "./picture.ts";
import type { SpreadTable } from "./reference-profile.ts";
import { scoreChange, scoreChangeShare } from "./score-change.ts";
import { predictivePValue } from "./spread.ts";
import { totalOf, type WindowCounts } from "./window-counts.ts";
import { testKey, type WatchedTests } from "./window-tests.ts";

export interface FoundDrift {
  readonly findings: readonly DriftFinding[];
  /** Watched things that were tested, and names of those that could not be. */
  readonly tested: number;
  readonly untested: readonly string[];
}

interface Judged {
  readonly watched: WatchedTests;
  readonly strongest: AspectFigure;
  readonly pValue: number;
}

/** Of labels the reference has seen all, a window only those that have come by then: they differ always. */
const slowSubjects: readonly DriftSubject[] = ["feature", "attribute", "prediction"];

/** A change this many times less certain than an alarm, and large, is worth a warning. */
const warningFactor = 3;

/** Tests everything that is watched at one common level and names what is not as it was. */
export function findDrift(options: {
  readonly window: WindowCounts;
  readonly tests: readonly WatchedTests[];
  readonly spread: SpreadTable;
  /** That of the next shorter kind of window. */
  readonly shorterSpread: SpreadTable;
  readonly spreadWindowsMin: number;
  readonly level: number;
  readonly settings: DriftSettings;
  /** Names of what must not be tested against this baseline. */
  readonly excluded: readonly string[];
  readonly watchesSlowChange: boolean;
}): FoundDrift {
  const { tests, settings, level } = options;
  const { trending } = options.window.layout.profile;
  const judged: Judged[] = [];
  const untested: string[] = [];
  for (const watched of tests) {
    const result = options.excluded.includes(watched.name) ? undefined : judgeOne(watched, options);
    if (result === undefined) untested.push(watched.name);
    else judged.push(result);
  }
  const pValues = judged.map(({ pValue }) => pValue);
  const adjusted = pValues.length === 0 ? [] : benjaminiHochberg(pValues, { level }).adjusted;
  const change = scoreChange(tests);
  const findings = judged.flatMap(({ watched, strongest, pValue }, index): DriftFinding[] => {
    const adjustedPValue = adjusted[index] ?? 1;
    const status = statusOf({ adjustedPValue, level, figure: strongest, floors: settings.effectFloors });
    const mayBeSlow =
      options.watchesSlowChange && !trending.includes(watched.name) && slowSubjects.includes(watched.subject);
    if (status === "ok" && !mayBeSlow) return [];
    const reference = referenceIndex(watched);
    const isSlow = mayBeSlow && (reference?.excess ?? 0) >= settings.slowChangeStabilityIndex;
    if (status === "ok" && !isSlow) return [];
    return [
      {
        feature: watched.name,
        subject: watched.subject,
        status: status === "ok" ? "warning" : status,
        aspect: strongest.aspect,
        effect: strongest.effect,
        pValue,
        adjustedPValue,
        referenceStabilityIndex: reference?.index ?? null,
        scoreChangeShare: scoreChangeShare(watched, change),
        picture: picture(watched),
      },
    ];
  });
  return { findings: findings.toSorted(byWeight), tested: judged.length, untested };
}

function judgeOne(
  watched: WatchedTests,
  of: {
    readonly spread: SpreadTable;
    readonly shorterSpread: SpreadTable;
    readonly spreadWindowsMin: number;
  },
): Judged | undefined {
  const { figures } = watched;
  const known = figures.flatMap((figure) => {
    const key = testKey(watched, figure.aspect);
    const spread = of.spread[key];
    if (spread === undefined || spread[0] < of.spreadWindowsMin) return [];
    const seen = { spread, shorter: of.shorterSpread[key], sides: figure.sides };
    return [{ figure, pValue: predictivePValue(figure.figure, seen, degreesOf(figure.aspect)) }];
  });
  const strongest = known.toSorted((a, b) => a.pValue - b.pValue)[0];
  if (strongest === undefined) return undefined;
  // One feature is one test, however many respects it was looked at in.
  // A figure of exactly 0 (nobody misses it, nothing is out of range) could not have alarmed: it is no test.
  const looked = known.filter(({ figure }) => figure.figure !== 0).length;
  return {
    watched,
    strongest: strongest.figure,
    pValue: Math.min(1, strongest.pValue * Math.max(1, looked)),
  };
}

/** Rare values come in bursts: one busy shop makes hundreds of them. */
function degreesOf(aspect: DriftAspect): number {
  switch (aspect) {
    case "distribution":
    case "location":
    case "rate":
      return driftLimits.spreadDegreesMax;
    case "missing":
    case "out-of-range":
    case "unseen":
      return driftLimits.shareDegreesMax;
  }
}

function statusOf(of: {
  readonly adjustedPValue: number;
  readonly level: number;
  readonly figure: AspectFigure;
  readonly floors: DriftSettings["effectFloors"];
}): "ok" | "warning" | "drifted" {
  const isLarge = Math.abs(of.figure.effect) >= floorOf(of.figure.aspect, of.floors);
  if (of.adjustedPValue <= of.level) return isLarge ? "drifted" : "warning";
  return isLarge && of.adjustedPValue <= of.level * warningFactor ? "warning" : "ok";
}

function floorOf(aspect: DriftAspect, floors: DriftSettings["effectFloors"]): number {
  switch (aspect) {
    case "distribution":
    case "location":
    case "rate":
      return floors[aspect];
    case "missing":
    case "out-of-range":
    case "unseen":
      return floors.share;
  }
}

/** PSI against the reference, and what of it exceeds chance; undefined where there is no reference. */
function referenceIndex({
  group,
  counts,
}: WatchedTests): { readonly index: number; readonly excess: number } | undefined {
  const reference = group?.reference;
  if (reference === undefined || totalOf(counts.window) === 0) return undefined;
  const total = reference.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const index = populationStabilityIndex(reference, counts.window);
  const occupied = reference.filter((count, slot) => count + (counts.window[slot] ?? 0) > 0).length;
  return { index, excess: index - (occupied - 1) * (1 / total + 1 / totalOf(counts.window)) };
}

function picture({ group, counts, name }: WatchedTests): DriftPicture {
  if (group === undefined)
    return { bins: [name], baseline: [...counts.baseline], window: [...counts.window] };
  return pictureOf(group, counts);
}

/** Alarms first, then by evidence; with equal evidence (both beyond measure) by effect. */
function byWeight(left: DriftFinding, right: DriftFinding): number {
  const rank = ({ status }: DriftFinding): number => (status === "drifted" ? 0 : 1);
  return (
    rank(left) - rank(right) ||
    left.pValue - right.pValue ||
    Math.abs(right.effect) - Math.abs(left.effect) ||
    (left.feature < right.feature ? -1 : 1)
  );
}

import { assertSameLength, at, checkedSample, type Numbers } from "../checks.ts";
import type { Random } from "../random/random.ts";
import { calibrateScore, fitIsotonicCalibration } from "./isotonic-calibration.ts";
import { expectedCalibrationError, reliabilityCurve } from "./reliability-curve.ts";

/** NannyML's: ten splits, a tenth held out, ten bins of equal count. */
const splits = 10;
const heldOutShare = 0.1;
const curve = { bins: 10, cut: "quantile" } as const;

export interface CalibrationComparison {
  /** True when the calibrated scores have the smaller error on held-out data. */
  readonly helps: boolean;
  readonly errorBefore: number;
  readonly errorAfter: number;
}

/**
 * Whether isotonic calibration lowers the expected calibration error on data it was not fitted to: the
 * held-out parts of ten stratified random splits, taken together. With one class only it does not. Source:
 * NannyML.
 */
export function calibrationHelps(scores: Numbers, labels: Numbers, random: Random): CalibrationComparison {
  assertSameLength(scores, labels, "scores and labels");
  const x = checkedSample(scores, "scores", 20);
  const y = checkedSample(labels, "labels", 20);
  const held = { before: [] as number[], after: [] as number[], labels: [] as number[] };
  for (let split = 0; split < splits; split += 1) {
    const test = heldOut(y, random);
    const train = Array.from(x.keys()).filter((index) => !test.has(index));
    const calibration = fitIsotonicCalibration(
      train.map((index) => at(x, index)),
      train.map((index) => at(y, index)),
    );
    for (const index of test) {
      held.before.push(at(x, index));
      held.after.push(calibrateScore(calibration, at(x, index)));
      held.labels.push(at(y, index));
    }
  }
  const errorBefore = expectedCalibrationError(reliabilityCurve(held.before, held.labels, curve));
  const errorAfter = expectedCalibrationError(reliabilityCurve(held.after, held.labels, curve));
  const oneClass = y.every((label) => label === at(y, 0));
  return { helps: !oneClass && errorAfter < errorBefore, errorBefore, errorAfter };
}

/** A tenth of each class, at least one of it. */
function heldOut(labels: Float64Array, random: Random): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (const label of new Set(labels)) {
    const members = Array.from(labels.keys()).filter((index) => at(labels, index) === label);
    const wanted = Math.max(1, Math.round(members.length * heldOutShare));
    for (let taken = 0; taken < wanted; taken += 1) {
      const other = taken + Math.floor(random() * (members.length - taken));
      const index = at(members, other);
      members[other] = at(members, taken);
      chosen.add(index);
    }
  }
  return chosen;
}

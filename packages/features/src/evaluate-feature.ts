import type { BaseTransaction } from "@tollgate/contracts";
import type {
  AggregateFeature,
  LabelRateFeature,
  NormalFeature,
  RateFeature,
  StateFeature,
} from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import { evaluateDistinct, evaluateFirstSeen, evaluateTopShare } from "./evaluate-category.ts";
import { evaluateElapsed } from "./evaluate-elapsed.ts";
import { evaluateTravel } from "./evaluate-travel.ts";
import { featureLimits } from "./limits.ts";
import type { PlacedFamily } from "./tiles.ts";
import { noMinimum, totalKey, totalsOf, type Total } from "./totals.ts";
import type { WindowTotals } from "./window-totals.ts";
import { filterBit, inUnit, unitScale, type TransactionReading } from "./transaction-reading.ts";

/** What float64 may round off of a sum of 64 squares, as a share of it. */
const roundingShare = 2 ** -47;

/**
 * One compiled feature of an entity, given the totals of its state: writes its value, NaN where it cannot be
 * known. Writes and does not return, because a number that is returned goes on the heap.
 */
export type EntityEvaluator = (
  reading: TransactionReading,
  state: EntityState | null,
  out: Float32Array,
  at: number,
) => void;

/** What evaluators of one entity share. */
export interface EvaluationParts<T extends BaseTransaction> {
  readonly layout: EntityLayout<T>;
  readonly families: readonly PlacedFamily[];
  /** Totals of the state and places of its windows, filled before the evaluators are called. */
  readonly totals: WindowTotals;
}

export function compileEntityFeature<T extends BaseTransaction>(
  feature: StateFeature<T>,
  parts: EvaluationParts<T>,
): EntityEvaluator {
  switch (feature.kind) {
    case "aggregate":
      return evaluateAggregate(feature, parts);
    case "rate":
      return evaluateRate(feature, parts);
    case "ratio-to-normal":
    case "z-score":
      return evaluateNormal(feature, parts);
    case "label-rate":
      return evaluateLabelRate(feature, parts);
    case "distinct":
      return evaluateDistinct(feature, parts);
    case "top-category-share":
      return evaluateTopShare(feature, parts);
    case "first-seen":
      return evaluateFirstSeen(feature, parts.layout);
    case "seconds-since-last":
    case "seconds-since-first":
      return evaluateElapsed(feature, parts.layout);
    case "distance-since-last":
    case "speed-since-last":
      return evaluateTravel(feature, parts.layout);
  }
}

function evaluateAggregate<T extends BaseTransaction>(
  feature: AggregateFeature<T>,
  { layout, totals }: EvaluationParts<T>,
): EntityEvaluator {
  const [first = 0, second = 0, third = 0] = positionsOf(feature, layout);
  const { values } = totals;
  const { measure, aggregate, includesCurrent } = feature;
  const row = layout.measures.findIndex(({ name }) => name === measure?.name);
  const mask = filterBit(layout.filters, feature.where);
  const unit = unitScale(measure);
  const own = ({ filterBits }: TransactionReading): number =>
    includesCurrent && (filterBits & mask) === mask ? 1 : 0;
  const stepsOf = ({ steps }: TransactionReading): number => steps[row] ?? 0;
  switch (aggregate) {
    case "count":
      return (reading, _state, out, at) => {
        out[at] = (values[first] ?? 0) + own(reading);
      };
    case "sum":
      return (reading, _state, out, at) => {
        out[at] = inUnit(unit, (values[first] ?? 0) + own(reading) * stepsOf(reading));
      };
    case "mean":
      return (reading, _state, out, at) => {
        const counted = own(reading);
        const transactions = (values[first] ?? 0) + counted;
        out[at] = inUnit(unit, (values[second] ?? 0) + counted * stepsOf(reading)) / transactions;
      };
    case "standard-deviation":
      return (reading, _state, out, at) => {
        const steps = own(reading) * stepsOf(reading);
        const transactions = (values[first] ?? 0) + own(reading);
        const sum = (values[second] ?? 0) + steps;
        const spread = deviation(transactions, sum, (values[third] ?? 0) + steps * steps);
        out[at] = transactions < 2 ? Number.NaN : inUnit(unit, spread);
      };
    case "minimum":
      return (reading, _state, out, at) => {
        const known = values[second] ?? noMinimum;
        const least = own(reading) === 1 ? Math.min(known, stepsOf(reading)) : known;
        out[at] = least === noMinimum ? Number.NaN : inUnit(unit, least);
      };
    case "maximum":
      return (reading, _state, out, at) => {
        const known = values[second] ?? -noMinimum;
        const most = own(reading) === 1 ? Math.max(known, stepsOf(reading)) : known;
        out[at] = most === -noMinimum ? Number.NaN : inUnit(unit, most);
      };
  }
}

/**
 * In steps; from the whole numbers, so that equal values give exactly 0: a difference within what float64
 * rounds off of such squares is none. That is a spread of less than a ten-millionth of the values.
 */
function deviation(transactions: number, sum: number, squares: number): number {
  const minuend = transactions * squares;
  const difference = minuend - sum * sum;
  return difference <= minuend * roundingShare ? 0 : Math.sqrt(difference) / transactions;
}

function evaluateRate<T extends BaseTransaction>(
  feature: RateFeature<T>,
  { layout, totals }: EvaluationParts<T>,
): EntityEvaluator {
  const [accepted = 0, all = 0] = positionsOf(feature, layout);
  const { values } = totals;
  const amongMask = filterBit(layout.filters, feature.among);
  const bothMask = amongMask | filterBit(layout.filters, feature.where);
  const own = feature.includesCurrent ? 1 : 0;
  return ({ filterBits }, _state, out, at) => {
    const isAccepted = (filterBits & bothMask) === bothMask ? own : 0;
    const isAmong = (filterBits & amongMask) === amongMask ? own : 0;
    out[at] = ((values[accepted] ?? 0) + isAccepted) / ((values[all] ?? 0) + isAmong);
  };
}

function evaluateNormal<T extends BaseTransaction>(
  feature: NormalFeature<T>,
  { layout, totals }: EvaluationParts<T>,
): EntityEvaluator {
  const [first = 0, second = 0, third = 0] = positionsOf(feature, layout);
  const { values } = totals;
  const row = layout.measures.findIndex(({ name }) => name === feature.measure.name);
  const isRatio = feature.kind === "ratio-to-normal";
  return ({ steps }, _state, out, at) => {
    const transactions = values[first] ?? 0;
    const sum = values[second] ?? 0;
    const own = steps[row] ?? 0;
    const spread = isRatio ? 0 : deviation(transactions, sum, values[third] ?? 0);
    const isKnown = transactions >= featureLimits.fewestForNormal && (isRatio ? sum > 0 : spread > 0);
    const value = isRatio ? (own * transactions) / sum : (own - sum / transactions) / spread;
    out[at] = isKnown ? value : Number.NaN;
  };
}

function evaluateLabelRate<T extends BaseTransaction>(
  feature: LabelRateFeature<T>,
  { layout, totals }: EvaluationParts<T>,
): EntityEvaluator {
  const { values } = totals;
  const [all = 0, frauds = 0] = positionsOf(feature, layout);
  // A label may come before its transaction is counted: no share is more than all of it, or less than none.
  return (_reading, _state, out, at) => {
    out[at] = Math.max(0, Math.min(1, (values[frauds] ?? 0) / (values[all] ?? 0)));
  };
}

function positionsOf<T extends BaseTransaction>(
  feature: StateFeature<T>,
  layout: EntityLayout<T>,
): readonly number[] {
  const keys = layout.totals.map((total: Total<T>) => totalKey(total));
  return totalsOf(feature).map((total) => keys.indexOf(totalKey(total)));
}

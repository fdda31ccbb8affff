import { labelSources, outcomes, type DriftSubject, type LabelSource } from "@tollgate/contracts";
import {
  categoryHistogram,
  numericHistogram,
  type CategoryBins,
  type HistogramLayout,
  type NullTable,
  type NumericBins,
} from "@tollgate/statistics";
import { delaysWithin, labelDelayBins, labelHorizonMs } from "./label-delay.ts";
import { vectorFaults } from "./observation.ts";
import type { ReferenceProfile } from "./reference-profile.ts";

/** One watched thing: a histogram's place among a tile's counters. */
export interface CounterGroup {
  readonly name: string;
  readonly subject: DriftSubject;
  /** Place of its first counter. */
  readonly first: number;
  readonly histogram: HistogramLayout;
  readonly bins: NumericBins | CategoryBins;
  /** What labels say is counted when they arrive; everything else when it happened. */
  readonly clock: "event" | "arrival";
  /** What the model was made from, in the same counters; undefined where the reference cannot know. */
  readonly reference: readonly number[] | undefined;
  readonly null: NullTable | undefined;
  readonly meanScores: readonly (number | null)[] | undefined;
}

/** Where everything lies in a tile: `counts` are 32-bit counters, `sums` whole numbers that may shrink. */
export interface CounterLayout {
  readonly profile: ReferenceProfile;
  readonly groups: readonly CounterGroup[];
  readonly slots: number;
  readonly sumSlots: number;
  /** First counters of what is not a feature or an attribute. */
  readonly score: CounterGroup;
  readonly outcome: CounterGroup;
  readonly rung: CounterGroup;
  readonly states: CounterGroup;
  readonly vector: CounterGroup;
  readonly fraudScore: CounterGroup;
  readonly delays: ReadonlyMap<LabelSource | "all", CounterGroup>;
  readonly sums: SumPlaces;
  /** Delay from which a label is not counted where it arrives: `labelHorizonMs`. */
  readonly labelHorizonMs: number;
}

/** Places in `sums`; each is the first of as many as are named. */
export interface SumPlaces {
  /** By outcome: value of decisions, then of frauds; number of frauds. */
  readonly value: number;
  readonly fraudValue: number;
  readonly frauds: number;
  /** Frauds by the score histogram's counters, at the decision's event time. */
  readonly fraudsByScore: number;
  /** First labels of fraud by source (in the order of `labelSources`) and delay bin, at event time. */
  readonly delaysByEvent: number;
  /** Labels that arrived within the horizon: of fraud, of honesty. */
  readonly labelsArrived: number;
}

/** Compiles the layout of a profile's counters: the same profile gives the same places. */
export function counterLayout(profile: ReferenceProfile): CounterLayout {
  let slots = 0;
  const horizonMs = labelHorizonMs(profile.labelDelays);
  const groups: CounterGroup[] = [];
  const add = (group: GroupParts): CounterGroup => {
    const { bins } = group;
    const histogram = (bins.kind === "numeric" ? numericHistogram(bins) : categoryHistogram(bins)).layout;
    const added = { ...defaults, ...group, histogram, first: slots };
    groups.push(added);
    slots += histogram.slots;
    return added;
  };
  for (const feature of profile.features) {
    add({ ...feature, subject: "feature", reference: feature.counts });
  }
  for (const attribute of profile.attributes) {
    add({ ...attribute, subject: "attribute", reference: attribute.counts });
  }
  const { score: ofScore } = profile;
  const score = add({ ...ofScore, name: "score", subject: "prediction", reference: ofScore.counts });
  const outcome = add({
    name: "outcome",
    subject: "decision",
    bins: categoriesOf(outcomes),
    reference: [...profile.outcomes, 0, 0],
  });
  const quality = (name: string, categories: readonly string[]): CounterGroup =>
    add({ name, subject: "data-quality", bins: categoriesOf(categories) });
  const rung = quality("quality:rung", ["model", "rules"]);
  const states = quality("quality:states", ["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"]);
  const vector = quality("quality:vector", ["usable", ...vectorFaults]);
  const fraudScore = add({
    name: "performance:fraud_score",
    subject: "performance",
    bins: ofScore.bins,
    clock: "arrival",
    reference: profile.fraudScores,
  });
  const delays = new Map(
    (["all", ...labelSources] as const).map((source) => [
      source,
      add({
        name: source === "all" ? "labels:delay" : `labels:delay_${source}`,
        subject: "label",
        bins: labelDelayBins,
        clock: "arrival",
        reference: referenceDelays(profile, source, horizonMs),
      }),
    ]),
  );
  const { sums, sumSlots } = sumPlaces(score);
  const named = { score, outcome, rung, states, vector, fraudScore, delays };
  return { profile, groups, slots, sumSlots, sums, labelHorizonMs: horizonMs, ...named };
}

/** `all`, then the profile's segments; the place is the segment's number. */
export function segmentNames({ segments }: ReferenceProfile): readonly string[] {
  return ["all", ...segments.map(({ attribute, value }) => `${attribute}=${value}`)];
}

type GroupParts = Pick<CounterGroup, "name" | "subject" | "bins"> & Partial<CounterGroup>;

const defaults = { clock: "event", reference: undefined, null: undefined, meanScores: undefined } as const;

function categoriesOf(categories: readonly string[]): CategoryBins {
  return { kind: "categorical", categories };
}

/** The reference's delays in the layout of a numeric histogram: nothing below, above or missing. */
function referenceDelays(
  { labelDelays }: ReferenceProfile,
  source: LabelSource | "all",
  horizonMs: number,
): readonly number[] | undefined {
  const of = source === "all" ? labelSources : [source];
  const every = labelDelayBins.centres.map((_, bin) =>
    of.reduce((sum, one) => sum + (labelDelays[one][bin] ?? 0), 0),
  );
  const counts = delaysWithin(every, horizonMs);
  return counts.some((count) => count > 0) ? [0, ...counts, 0, 0] : undefined;
}

function sumPlaces(score: CounterGroup): { readonly sums: SumPlaces; readonly sumSlots: number } {
  let next = 0;
  const take = (places: number): number => {
    next += places;
    return next - places;
  };
  const sums = {
    value: take(outcomes.length),
    fraudValue: take(outcomes.length),
    frauds: take(outcomes.length),
    fraudsByScore: take(score.histogram.slots),
    delaysByEvent: take(labelSources.length * labelDelayBins.centres.length),
    labelsArrived: take(2),
  };
  return { sums, sumSlots: next };
}

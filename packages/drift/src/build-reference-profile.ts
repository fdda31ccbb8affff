import { labelSources, type LabelSource } from "@tollgate/contracts";
import type { FeatureDescription } from "@tollgate/features";
import {
  bootstrapNullTables,
  categoryBins,
  categoryHistogram,
  createRandom,
  numericHistogram,
  quantileBins,
  type Histogram,
  type NullTable,
  type NumericBins,
} from "@tollgate/statistics";
import { DriftError } from "./errors.ts";
import { labelDelayBins, labelHorizonMs } from "./label-delay.ts";
import { driftLimits } from "./limits.ts";
import { measureDispersion } from "./measure-dispersion.ts";
import { gatherRows, type ReferenceColumns, type ReferenceRow } from "./reference-rows.ts";
import type {
  ProfiledAttribute,
  ProfiledFeature,
  ProfiledSegment,
  ReferenceProfile,
} from "./reference-profile.ts";
import { profileScore } from "./profile-score.ts";

export interface ReferenceProfileOptions {
  readonly model: { readonly name: string; readonly version: number };
  readonly featureSet: {
    readonly hash: string;
    readonly features: readonly Pick<FeatureDescription, "name" | "unit" | "missingValue">[];
  };
  /** Text fields of the transaction that are watched, as `watchableAttributes` finds them. */
  readonly attributes: readonly string[];
  /** Of these, whose frequent values are segments of their own. */
  readonly segmentBy?: readonly string[];
  readonly thresholds: { readonly review: number; readonly decline: number };
  /** In the order of event time; at least `driftLimits.referenceRowsMin`. */
  readonly rows: Iterable<ReferenceRow>;
}

/**
 * Makes the reference of a model version. The same rows give the same profile, byte for byte: the null tables
 * are drawn from a fixed seed. Throws DriftError BAD_REFERENCE_ROWS for too few rows or rows without scores.
 */
export function buildReferenceProfile(options: ReferenceProfileOptions): ReferenceProfile {
  const { featureSet } = options;
  const columns = gatherRows(options.rows, { columns: featureSet.features.length });
  if (columns.size < driftLimits.referenceRowsMin) {
    const detail = `there are ${columns.size} rows, ${driftLimits.referenceRowsMin} are needed`;
    throw new DriftError("BAD_REFERENCE_ROWS", detail);
  }
  const score = profileScore(columns, { thresholds: options.thresholds, nullOf: drawNull });
  const attributes = options.attributes.map((field, place) => profileAttribute(columns, field, place));
  const times = columns.occurredAtMs;
  const labelDelays = countDelays(columns);
  const profile: ReferenceProfile = {
    schema: "tollgate.reference.v1",
    model: options.model,
    featureSet: featureSet.hash,
    rows: columns.size,
    from: new Date(times.reduce((a, b) => Math.min(a, b), Infinity)).toISOString(),
    until: new Date(times.reduce((a, b) => Math.max(a, b), -Infinity)).toISOString(),
    features: featureSet.features.map((feature, column) => profileFeature(columns, feature, column)),
    attributes,
    segments: chooseSegments(attributes, options.segmentBy ?? []),
    score,
    outcomes: countPlaces(columns.outcomes, 3),
    labelDelays,
    fraudScores: fraudScores(columns, score.bins, labelHorizonMs(labelDelays)),
    dispersion: {},
    trending: [],
  };
  return { ...profile, ...measureDispersion(profile, columns) };
}

function profileFeature(
  columns: ReferenceColumns,
  feature: Pick<FeatureDescription, "name" | "unit" | "missingValue">,
  column: number,
): ProfiledFeature {
  const { name, unit } = feature;
  const missingValue = feature.missingValue === "not-a-number" ? null : feature.missingValue;
  const missing = missingValue === null ? Number.NaN : Math.fround(missingValue);
  const values = new Float64Array(columns.size);
  for (let row = 0; row < columns.size; row += 1) {
    const value = columns.vectors[row * columns.width + column] ?? Number.NaN;
    values[row] = value === missing ? Number.NaN : value;
  }
  const present = values.filter((value) => Number.isFinite(value));
  const bins = present.length === 0 ? noBins : roundBins(cutBins(present));
  const slots = slotsOf(numericHistogram(bins), values);
  return { name, unit, missingValue, bins, ...countSlots(columns, slots) };
}

/** A feature that the reference never had: every value of it is out of range. */
const noBins: NumericBins = { kind: "numeric", edges: [], lowest: 0, highest: 0, centres: [0], scale: 1 };

/**
 * The range leaves out the outermost values: were it the reference's extremes, no window of the reference
 * could ever leave it, and how often healthy windows do could not be known.
 */
function cutBins(present: Float64Array): NumericBins {
  const sorted = present.toSorted();
  const outermost = Math.floor(sorted.length * driftLimits.outermostShare);
  const bins = quantileBins(sorted, { bins: driftLimits.featureBins });
  const [lowest = 0, highest = 0] = [sorted[outermost], sorted[sorted.length - 1 - outermost]];
  return { ...bins, lowest, highest };
}

/** Seven digits: that of the float32 they stand for. */
function roundBins(bins: NumericBins): NumericBins {
  return { ...bins, centres: bins.centres.map(rounded), scale: rounded(bins.scale) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(7));
}

function profileAttribute(columns: ReferenceColumns, field: string, place: number): ProfiledAttribute {
  const values = columns.attributes.map((of) => of[place]);
  const present = values.filter((value) => value !== undefined);
  const bins =
    present.length === 0
      ? { kind: "categorical" as const, categories: [] }
      : categoryBins(present, { limit: driftLimits.categories });
  const slots = slotsOf(categoryHistogram(bins), values);
  return { name: `transaction:${field}`, field, bins, ...countSlots(columns, slots) };
}

interface Slots {
  readonly slots: Uint8Array;
  readonly size: number;
}

function slotsOf<Value>(histogram: Histogram<Value>, values: ArrayLike<Value | undefined>): Slots {
  return {
    slots: Uint8Array.from(values, (value) => histogram.slotOf(value)),
    size: histogram.layout.slots,
  };
}

function countSlots(
  { scores }: ReferenceColumns,
  { slots, size }: Slots,
): Pick<ProfiledFeature, "counts" | "meanScores" | "null"> {
  const counts = countPlaces(slots, size);
  const sums = new Float64Array(size);
  const scored = new Float64Array(size);
  for (let row = 0; row < slots.length; row += 1) {
    const slot = slots[row] ?? 0;
    const score = scores[row] ?? Number.NaN;
    if (Number.isNaN(score)) continue;
    sums[slot] = (sums[slot] ?? 0) + score;
    scored[slot] = (scored[slot] ?? 0) + 1;
  }
  const meanScores = Array.from(sums, (sum, slot) => {
    const rows = scored[slot] ?? 0;
    return rows === 0 ? null : rounded(sum / rows);
  });
  return { counts, meanScores, null: drawNull(counts) };
}

function countPlaces(places: Uint8Array, size: number): number[] {
  const counts = Array.from({ length: size }, () => 0);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

/** Window sizes of a null table: between them it is interpolated, above it has settled. */
const nullSizes: readonly number[] = [200, 1_000, 5_000, 25_000];

function drawNull(counts: readonly number[]): NullTable {
  const [table] = bootstrapNullTables({
    measures: ["jensen-shannon"],
    reference: counts,
    windowSizes: nullSizes,
    random: createRandom(nullSeed),
    draws: driftLimits.nullDraws,
  });
  if (table === undefined) throw new DriftError("BAD_REFERENCE_ROWS", "no null could be drawn");
  return table;
}

/** Any fixed number: it makes the profile a function of its rows. */
const nullSeed = 7;

function chooseSegments(
  attributes: readonly ProfiledAttribute[],
  segmentBy: readonly string[],
): readonly ProfiledSegment[] {
  return attributes
    .filter(({ field }) => segmentBy.includes(field))
    .flatMap(({ field, bins }) =>
      bins.categories
        .slice(0, driftLimits.segmentsOfAttribute)
        .map((value): ProfiledSegment => ({ attribute: field, value })),
    )
    .slice(0, driftLimits.segments);
}

function countDelays(columns: ReferenceColumns): Readonly<Record<LabelSource, readonly number[]>> {
  const delays = numericHistogram(labelDelayBins);
  const counts = labelSources.map((source) => {
    const ofSource = labelDelayBins.centres.map(() => 0);
    for (const [row, label] of columns.labels) {
      if (label.source !== source || columns.frauds[row] !== 1) continue;
      const slot = delays.slotOf(label.labelledAtMs - (columns.occurredAtMs[row] ?? 0));
      const bin = slot - delays.layout.firstBin;
      if (bin >= 0 && bin < ofSource.length) ofSource[bin] = (ofSource[bin] ?? 0) + 1;
    }
    return [source, ofSource] as const;
  });
  return Object.fromEntries(counts) as unknown as Readonly<Record<LabelSource, readonly number[]>>;
}

/** Of frauds labelled within the horizon, as windows count them; of all where no label is known. */
function fraudScores(columns: ReferenceColumns, bins: NumericBins, horizonMs: number): readonly number[] {
  const { scores, frauds, occurredAtMs, labels } = columns;
  const histogram = numericHistogram(bins);
  const counts = Array.from({ length: histogram.layout.slots }, () => 0);
  for (const [row, fraud] of frauds.entries()) {
    const { labelledAtMs = -Infinity } = labels.get(row) ?? {};
    if (fraud !== 1 || labelledAtMs - (occurredAtMs[row] ?? 0) >= horizonMs) continue;
    const slot = histogram.slotOf(scores[row]);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}

import { labelSources, type Fault, type Parsed } from "@tollgate/contracts";
import { categoryHistogram, numericHistogram } from "@tollgate/statistics";
import { labelDelayBins } from "./label-delay.ts";
import { driftLimits } from "./limits.ts";
import type { ReferenceProfile } from "./reference-profile.ts";
import {
  anything,
  finite,
  listOf,
  nullable,
  oneOf,
  record,
  recordOf,
  text,
  whole,
  type Check,
} from "./shape.ts";

/** The text of `reference.json`. */
export function serialiseReferenceProfile(profile: ReferenceProfile): string {
  return `${JSON.stringify(profile)}\n`;
}

/** Checks a profile of unknown origin, as read from `reference.json`; every fault with its path, up to 20. */
export function parseReferenceProfile(input: unknown): Parsed<ReferenceProfile> {
  const faults: Fault[] = [];
  profileShape(input, "", (path, message) => faults.push({ path, message }));
  if (faults.length === 0) checkCounts(input as ReferenceProfile, faults);
  return faults.length > 0
    ? { ok: false, faults: faults.slice(0, faultsMax) }
    : { ok: true, value: input as ReferenceProfile };
}

const faultsMax = 20;

const count = whole;
const nullTable = record({
  measure: oneOf("jensen-shannon"),
  referenceSize: whole,
  windowSizes: listOf(whole),
  values: listOf(listOf(finite)),
  tailMeans: listOf(finite),
  means: listOf(finite),
});
const numericBins = record({
  kind: oneOf("numeric"),
  edges: listOf(finite),
  lowest: finite,
  highest: finite,
  centres: listOf(finite),
  scale: finite,
});
const categoricalBins = record({ kind: oneOf("categorical"), categories: listOf(text) });
const counted = { counts: listOf(count), meanScores: listOf(nullable(finite)), null: nullTable };

const profileShape: Check = record({
  schema: oneOf("tollgate.reference.v1"),
  model: record({ name: text, version: whole }),
  featureSet: text,
  rows: whole,
  from: text,
  until: text,
  features: listOf(
    record({ name: text, unit: anything, missingValue: nullable(finite), bins: numericBins, ...counted }),
  ),
  attributes: listOf(record({ name: text, field: text, bins: categoricalBins, ...counted })),
  segments: listOf(record({ attribute: text, value: text })),
  score: record({
    bins: numericBins,
    counts: listOf(count),
    thresholds: record({ review: finite, decline: finite }),
    calibration: nullable(record({ scores: listOf(finite), probabilities: listOf(finite) })),
    null: nullTable,
  }),
  outcomes: listOf(count),
  labelDelays: record(Object.fromEntries(labelSources.map((source) => [source, listOf(count)]))),
  fraudScores: listOf(count),
  dispersion: recordOf(recordOf(listOf(finite))),
  trending: listOf(text),
});

/** What the shape cannot say: lists that belong together, ascending edges. */
function checkCounts(profile: ReferenceProfile, faults: Fault[]): void {
  const same = (path: string, found: number, wanted: number): void => {
    if (found !== wanted) faults.push({ path, message: `has ${found} entries, ${wanted} are needed` });
  };
  profile.features.forEach(({ bins, counts, meanScores }, index) => {
    const path = `/features/${index}`;
    const { slots } = numericHistogram(bins).layout;
    same(`${path}/counts`, counts.length, slots);
    same(`${path}/meanScores`, meanScores.length, slots);
    same(`${path}/bins/centres`, bins.centres.length, bins.edges.length + 1);
    checkEdges(`${path}/bins/edges`, bins.edges, faults);
  });
  profile.attributes.forEach(({ bins, counts, meanScores }, index) => {
    const { slots } = categoryHistogram(bins).layout;
    same(`/attributes/${index}/counts`, counts.length, slots);
    same(`/attributes/${index}/meanScores`, meanScores.length, slots);
  });
  const { score } = profile;
  const { slots } = numericHistogram(score.bins).layout;
  same("/score/counts", score.counts.length, slots);
  same("/fraudScores", profile.fraudScores.length, slots);
  same("/outcomes", profile.outcomes.length, 3);
  checkEdges("/score/bins/edges", score.bins.edges, faults);
  for (const source of labelSources) {
    same(`/labelDelays/${source}`, profile.labelDelays[source].length, labelDelayBins.centres.length);
  }
  if (profile.segments.length > driftLimits.segments) {
    faults.push({ path: "/segments", message: `must be at most ${driftLimits.segments}` });
  }
}

function checkEdges(path: string, edges: readonly number[], faults: Fault[]): void {
  if (edges.some((edge, index) => index > 0 && edge <= (edges[index - 1] ?? -Infinity))) {
    faults.push({ path, message: "must ascend" });
  }
}

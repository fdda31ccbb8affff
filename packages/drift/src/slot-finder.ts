import type { LabelSource, Outcome } from "@tollgate/contracts";
import { categoryHistogram, numericHistogram } from "@tollgate/statistics";
import type { CounterLayout } from "./counter-layout.ts";
import { labelDelayBins } from "./label-delay.ts";
import { vectorFaults, type DecisionObservation, type LabelObservation } from "./observation.ts";

/** Finds the counters that an observation raises. */
export interface SlotFinder {
  /** Writes the counters of a decision to `slots` and returns how many; allocates nothing. */
  ofDecision(observation: DecisionObservation, slots: Int32Array): number;
  /** The counters, by arrival, of a first label of fraud. */
  ofFraudLabel(label: LabelObservation): readonly number[];
  /** Of a score, relative to the score's histogram. */
  scoreSlot(score: number | null): number;
  delayBin(label: LabelObservation): number;
}

const statusPlace = { PRESENT: 0, NULL_VALUE: 1, NOT_FOUND: 2, OUTSIDE_MAX_AGE: 3 } as const;
export const outcomePlace: Readonly<Record<Outcome, number>> = { approve: 0, review: 1, decline: 2 };

export function slotFinder(layout: CounterLayout): SlotFinder {
  const { features, attributes } = layout.profile;
  const numeric = features.map(({ bins }) => numericHistogram(bins));
  const columns = features.map((_, column) => layout.groups[column]?.first ?? 0);
  const missing = Float32Array.from(features, ({ missingValue }) => missingValue ?? Number.NaN);
  const categorical = attributes.map(({ bins }) => categoryHistogram(bins));
  const fields = attributes.map((_, place) => layout.groups[features.length + place]?.first ?? 0);
  const score = numericHistogram(layout.profile.score.bins);
  const delay = numericHistogram(labelDelayBins);
  const { rung, vector, states, outcome } = layout;
  const scoreSlot = (value: number | null): number => score.slotOf(value);
  return {
    scoreSlot,
    delayBin: (label) => delay.slotOf(label.labelledAtMs - label.occurredAtMs) - delay.layout.firstBin,
    ofDecision(observation, slots) {
      const values = observation.vector;
      let used = 0;
      const isUsable = values !== undefined && values.length === numeric.length;
      if (isUsable) {
        for (let column = 0; column < numeric.length; column += 1) {
          const value = values[column] ?? Number.NaN;
          const histogram = numeric[column] as (typeof numeric)[number];
          const slot = value === missing[column] ? histogram.layout.missing : histogram.slotOf(value);
          slots[used] = (columns[column] ?? 0) + slot;
          used += 1;
        }
      }
      for (let place = 0; place < categorical.length; place += 1) {
        slots[used] = (fields[place] ?? 0) + (categorical[place]?.slotOf(observation.attributes[place]) ?? 0);
        used += 1;
      }
      slots[used] = layout.score.first + scoreSlot(observation.score);
      slots[used + 1] = outcome.first + outcomePlace[observation.outcome];
      slots[used + 2] = rung.first + (observation.rung === "model" ? 0 : 1);
      slots[used + 3] = vector.first + vectorPlace(observation, isUsable);
      used += 4;
      for (const status of observation.statuses) {
        if (used === slots.length) break;
        slots[used] = states.first + statusPlace[status];
        used += 1;
      }
      return used;
    },
    ofFraudLabel(label) {
      const slot = delay.slotOf(label.labelledAtMs - label.occurredAtMs);
      const first = (source: LabelSource | "all"): number => layout.delays.get(source)?.first ?? 0;
      const places = [first("all") + slot, first(label.source) + slot];
      return label.score === null ? places : [...places, layout.fraudScore.first + scoreSlot(label.score)];
    },
  };
}

/** 0 for a usable vector, else the fault's place. */
function vectorPlace({ vector, vectorFault }: DecisionObservation, isUsable: boolean): number {
  if (isUsable) return 0;
  const fault = vectorFault ?? (vector === undefined ? "absent" : "wrong-length");
  return 1 + vectorFaults.indexOf(fault);
}

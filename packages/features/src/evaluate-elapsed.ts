import type { BaseTransaction } from "@tollgate/contracts";
import type { ElapsedFeature } from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import { headEvents, headFirstEventMs, headLastEventMs } from "./entity-state.ts";
import type { EntityEvaluator } from "./evaluate-feature.ts";
import { momentKey } from "./moments.ts";

/** Seconds since a time in the state. Never negative: an event that comes late counts as simultaneous. */
export function evaluateElapsed<T extends BaseTransaction>(
  { kind, where }: ElapsedFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator {
  if (where === undefined)
    return secondsSince(kind === "seconds-since-last" ? headLastEventMs : headFirstEventMs);
  const wanted = momentKey({ kind, where });
  const moment = layout.momentsAt + layout.moments.findIndex((candidate) => momentKey(candidate) === wanted);
  return ({ atMs }, state, out, at) => {
    // Not by `?.`: a number that may be undefined goes on the heap.
    const momentMs = state === null ? 0 : (state.float64[moment] ?? 0);
    out[at] = momentMs === 0 ? Number.NaN : Math.max(0, atMs - momentMs) / 1000;
  };
}

function secondsSince(head: number): EntityEvaluator {
  return ({ atMs }, state, out, at) => {
    const isKnown = state !== null && state.float64[headEvents] !== 0;
    out[at] = isKnown ? Math.max(0, atMs - (state.float64[head] ?? 0)) / 1000 : Number.NaN;
  };
}

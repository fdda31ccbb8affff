import type { DriftPicture } from "@tollgate/contracts";
import type { CounterGroup } from "./counter-layout.ts";

/** Both histograms with the names of their bins; what is empty on both sides is left out. */
export function pictureOf(
  group: CounterGroup,
  counts: { readonly window: Float64Array; readonly baseline: Float64Array },
): DriftPicture {
  const names = binNames(group);
  const shown = names
    .map((_, slot) => slot)
    .filter((slot) => (counts.window[slot] ?? 0) + (counts.baseline[slot] ?? 0) > 0);
  return {
    bins: shown.map((slot) => names[slot] ?? ""),
    baseline: shown.map((slot) => counts.baseline[slot] ?? 0),
    window: shown.map((slot) => counts.window[slot] ?? 0),
  };
}

/** What each counter of a group holds. */
export function binNames({ bins }: CounterGroup): readonly string[] {
  if (bins.kind === "categorical") return [...bins.categories, "unseen", "missing"];
  const { edges, lowest, highest } = bins;
  const cuts = [lowest, ...edges, highest];
  const inner = cuts.slice(1).map((upper, bin) => {
    const isLast = bin === edges.length;
    return `[${short(cuts[bin] ?? lowest)}, ${short(upper)}${isLast ? "]" : ")"}`;
  });
  return [`below ${short(lowest)}`, ...inner, `above ${short(highest)}`, "missing"];
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

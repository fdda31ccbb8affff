import type { ReferenceProfile } from "./reference-profile.ts";

/** Numbers of the segments that count an observation: always 0 (`all`), then those of its attributes. */
export function segmentFinder({
  attributes,
  segments,
}: ReferenceProfile): (values: readonly (string | undefined)[]) => readonly number[] {
  const numbered = segments.map(({ attribute, value }, index) => ({
    place: attributes.findIndex(({ field }) => field === attribute),
    value,
    segment: index + 1,
  }));
  // The same few combinations come again and again: no list is made for each decision.
  const known = new Map<string, readonly number[]>();
  const places = [...new Set(numbered.map(({ place }) => place))];
  return (values) => {
    let key = "";
    for (const place of places) key += `${values[place] ?? ""}\u0000`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const matching = numbered.filter(({ place, value }) => values[place] === value);
    const list = [0, ...matching.map(({ segment }) => segment)];
    if (known.size < knownMax) known.set(key, list);
    return list;
  };
}

/** Combinations remembered; values come from outside and may be any. */
const knownMax = 1_000;

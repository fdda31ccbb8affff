/** Okabe and Ito's colours: told apart with every kind of colour vision, and in grey by their order. */
const palette = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  purple: "#CC79A7",
  sky: "#56B4E9",
  vermilion: "#D55E00",
  yellow: "#F0E442",
  grey: "#8C8C8C",
} as const;

/** For series that have no meaning of their own, in this order. */
export const seriesColours: readonly string[] = Object.values(palette);

/** Good, to be looked at, bad: no red beside green. */
export const stateColours: Readonly<Record<"good" | "warn" | "bad" | "neutral", string>> = {
  good: palette.green,
  warn: palette.orange,
  bad: palette.vermilion,
  neutral: palette.sky,
};

/** The same thing has the same colour on every panel. */
const meaningColours: Readonly<Record<string, string>> = {
  approve: palette.green,
  review: palette.orange,
  decline: palette.vermilion,
  http: palette.blue,
  kafka: palette.orange,
  model: palette.blue,
  rules: palette.orange,
  p50: palette.sky,
  p95: palette.blue,
  p99: palette.vermilion,
};

/** Name → colour: what means something has its own, the others those of the palette that are left. */
export function coloursOf(names: readonly string[]): Readonly<Record<string, string>> {
  const fixed = names.map((name) => meaningColours[name]);
  const free = seriesColours.filter((colour) => !fixed.includes(colour));
  let taken = 0;
  const colours = names.map((name, index) => {
    const own = fixed[index];
    if (own !== undefined) return [name, own] as const;
    taken += 1;
    return [name, free[(taken - 1) % free.length] ?? palette.grey] as const;
  });
  return Object.fromEntries(colours);
}
